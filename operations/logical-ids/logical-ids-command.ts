/** Runs `homelab logical-ids`: reports, and returns the exit code. */
import { readFileSync, writeFileSync } from "node:fs";
import { type LogicalIds, logicalIdProblems, logicalIds } from "../../lib/core/synthesis/logical-ids.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";

/** Compares the addresses of stacks with the committed ones, or commits them; returns the exit code. */
export const logicalIdsCommand = (
  stacks: ReadonlyMap<string, TerraformJson>,
  file: string,
  write: boolean,
  out: (line: string) => void,
): number => {
  const problems = logicalIdProblems(JSON.parse(readFileSync(file, "utf8")) as LogicalIds, stacks);
  out(problems.length > 0 ? problems.join("\n") : `the addresses of ${stacks.size} stacks are as committed`);
  if (!write) return problems.length > 0 ? 1 : 0;
  writeFileSync(file, `${JSON.stringify(logicalIds(stacks), null, 2)}\n`);
  out(`${file} is written`);
  return 0;
};
