/** Runs `homelab bench`: measures, reports, and returns the exit code. */
import "../../lib/core/stack-trace.ts";
import "../../lib/core/token-resolution.ts";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { benchNetwork } from "./network.ts";
import { isMissed, report } from "./report.ts";
import { benchGrowth, benchProcesses } from "./synth.ts";

/** Returns the exit code. */
export const benchCommand = (
  { json, check }: { readonly json: boolean; readonly check: boolean },
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
  out(json ? JSON.stringify(rows, undefined, 2) : report(rows));
  return check && rows.some(isMissed) ? 1 : 0;
};
