/** Runs `homelab drill`: reads its options, and returns the exit code. */
import { join } from "node:path";
import { runCommand } from "../../lib/core/process/command.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { withWorkspace } from "../../operations/verify-backup/workspace.ts";
import { cannotRunHere } from "../checks.ts";
import { breakProblems, numberProblems } from "../options.ts";
import { drill } from "./drill.ts";
import { type DrillFault, FAULTS } from "./drill-world.ts";
import { installDrillTools, toolVersions } from "./tools.ts";

/** Options as they were given; what must be a number is still text. */
interface DrillOptions {
  readonly keys: string;
  readonly kills: string;
  readonly seed: string;
  readonly break: readonly string[];
  /** @default false */
  readonly json?: boolean;
}

interface Request {
  readonly count: number;
  readonly kills: number;
  readonly seed: number;
  readonly faults: readonly DrillFault[];
}

/** Reads the options, and refuses malformed numbers and unknown faults, all at once. */
export const readDrillRequest = (values: DrillOptions): Request => {
  const problems = [
    ...numberProblems({ keys: values.keys, kills: values.kills, seed: values.seed }),
    ...breakProblems(values.break, FAULTS),
  ];
  if (Number(values.keys) < 100) problems.push(`--keys: must be 100 at least: got ${values.keys}`);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return {
    count: Number(values.keys),
    kills: Number(values.kills),
    seed: Number(values.seed),
    faults: values.break as DrillFault[],
  };
};

export interface DrillContext {
  readonly root: string;
  /** The directory that keeps tools between runs. */
  readonly cache: string;
  readonly out: (line: string) => void;
  /** Progress. */
  readonly err: (line: string) => void;
}

/** Returns the exit code. */
export const drillCommand = async (
  { json = false, ...options }: DrillOptions,
  { root, cache, out, err }: DrillContext,
): Promise<number> => {
  const request = readDrillRequest(options);
  return withWorkspace("drill", async (directory) => {
    const bin = join(directory, "bin");
    const missing = await installDrillTools(runCommand, cache, bin, err);
    if (missing.length > 0) return cannotRunHere("drill", missing, out, json);
    process.env.PATH = `${bin}:${process.env.PATH}`;
    err(`${toolVersions}; seed ${request.seed}`);
    const checks = await drill({ ...request, root, directory, log: err });
    checks.note(`seed ${request.seed}`);
    return checks.report(out, json);
  });
};
