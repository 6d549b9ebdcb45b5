/** `homelab adopt`: what it says and returns. */
import { readFileSync } from "node:fs";
import type { Environment } from "../../environments/schema.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { adoptionReport } from "./adoption-report.ts";
import { readStateFile, readStateList } from "./state.ts";
import { type Survey, survey } from "./survey.ts";

export interface AdoptRequest {
  /** File with lines of `terraform state list`. */
  readonly list?: string | undefined;
  /** A state file. */
  readonly state?: string | undefined;
  readonly json: boolean;
}

/** Returns the exit code. */
export const adoptCommand = (
  environment: Environment,
  { list, state: file, json }: AdoptRequest,
  out: (line: string) => void,
): number => {
  if (!list && !file && process.stdin.isTTY)
    throw new UsageError("give --list or --state, or pipe terraform state list into this");
  const state = file
    ? readStateFile(readFileSync(file), file)
    : readStateList(readFileSync(list ?? 0, "utf8"));
  const result = withInstances(
    survey(state.addresses, environment.nodes),
    state.problems,
    file !== undefined,
  );
  out(json ? JSON.stringify(result, null, 2) : adoptionReport(environment, result, state.running));
  return result.problems.length > 0 || result.shape === "unknown" ? 1 : 0;
};

/** Adds to a survey of addresses the facts that only instances show: a tainted one is not moved but replaced. */
const withInstances = (surveyed: Survey, problems: readonly string[], isState: boolean): Survey => ({
  ...surveyed,
  mapped: surveyed.mapped.filter(({ from }) => !problems.some((problem) => problem.startsWith(`${from}: `))),
  problems: [...problems, ...surveyed.problems],
  remarks: isState
    ? surveyed.remarks
    : [
        ...surveyed.remarks,
        "a list does not tell what is tainted or deposed: give the state itself with --state",
      ],
});
