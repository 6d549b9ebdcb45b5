/** Runs `homelab bench`: measures, reports, and returns the exit code. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { isMissed, type Measurement, markdown, measurementTable, quoted } from "./measurements.ts";
import { benchNetwork } from "./network.ts";
import { benchGrowth, benchProcesses } from "./synth.ts";

/** Place of the figures that documents quote. */
export const SPEED_FIGURES = "docs/speed.json";

const BETWEEN = /(<!-- speed -->)[\s\S]*?(<!-- \/speed -->)/;

/** The documents that quote figures between markers, with what each quotes. */
const QUOTES = {
  "README.md": quoted,
  "docs/testing.md": (rows: readonly Measurement[]) => `\n\n${markdown(rows)}\n\n`,
};

/** The text of each document below `root` with these figures, by its path. */
export const documentsWith = (rows: readonly Measurement[], root = "."): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(QUOTES).map(([file, quote]) => [
      file,
      readFileSync(join(root, file), "utf8").replace(
        BETWEEN,
        (_, before, after) => before + quote(rows) + after,
      ),
    ]),
  );

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
    writeFileSync(SPEED_FIGURES, `${JSON.stringify(rows, undefined, 2)}\n`);
    for (const [file, text] of documentsWith(rows)) writeFileSync(file, text);
  }
  return check && rows.some(isMissed) ? 1 : 0;
};
