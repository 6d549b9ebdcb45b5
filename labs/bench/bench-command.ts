/** Runs `homelab bench`: measures, reports, and returns the exit code. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { isMissed, markdown, measurementTable } from "./measurements.ts";
import { benchNetwork } from "./network.ts";
import { benchGrowth, benchProcesses } from "./synth.ts";

/** Place of the figures that the README quotes. */
const FIGURES = "docs/speed.json";
const TABLE = /(<!-- speed -->\n)[\s\S]*?(\n<!-- \/speed -->)/;

/** Returns the exit code. */
export const benchCommand = (
  { json, check, write }: { readonly json: boolean; readonly check: boolean; readonly write: boolean },
  { out, err }: Pick<Terminal, "out" | "err">,
): number => {
  const measured = [
    ["processes", benchProcesses],
    ["growth", benchGrowth],
    ["network", benchNetwork],
  ] as const;
  const rows = measured.flatMap(([name, measure]) => {
    err(`measuring ${name} …`);
    return measure();
  });
  out(json ? JSON.stringify(rows, undefined, 2) : measurementTable(rows));
  if (write) {
    writeFileSync(FIGURES, `${JSON.stringify(rows, undefined, 2)}\n`);
    const readme = readFileSync("README.md", "utf8");
    writeFileSync(
      "README.md",
      readme.replace(TABLE, (_, before, after) => before + markdown(rows) + after),
    );
  }
  return check && rows.some(isMissed) ? 1 : 0;
};
