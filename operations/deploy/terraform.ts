import { spawnSync } from "node:child_process";

/** What a deploy asks of Terraform, in the directory of one stack. A double of it stands in for tests. */
export interface Terraform {
  init(directory: string): Outcome;
  /** Writes the plan to `file`, a path from the directory. Without `lock` the state is read, but not locked. */
  plan(directory: string, file: string, targets: readonly string[], lock: boolean): PlanOutcome;
  /** The plan as JSON. */
  showJson(directory: string, file: string): Outcome;
  /** The plan as a person reads it. */
  showText(directory: string, file: string): Outcome;
  apply(directory: string, file: string): Outcome;
}

export interface Outcome {
  readonly ok: boolean;
  /** Standard output of what was asked; empty where it went to the terminal. */
  readonly output: string;
  /** Why it failed. */
  readonly error: string;
}

export interface PlanOutcome extends Outcome {
  readonly changes: boolean;
}

/** A plan of a stack with many policies is some tens of megabytes. */
const LARGEST_OUTPUT = 512 * 1024 * 1024;

const run = (directory: string, args: readonly string[], inherit = false) =>
  spawnSync("terraform", [`-chdir=${directory}`, ...args], {
    encoding: "utf8",
    maxBuffer: LARGEST_OUTPUT,
    stdio: inherit ? ["inherit", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    env: { ...process.env, TF_IN_AUTOMATION: "1" },
  });

const outcome = ({ status, stdout, stderr, error }: ReturnType<typeof run>): Outcome => ({
  ok: status === 0,
  output: stdout ?? "",
  error: error?.message ?? (stderr?.trim() || `terraform ended with ${status}`),
});

/** The Terraform of the machine. Plan and apply write to the terminal, the plan's own text comes from `showText`. */
export const realTerraform: Terraform = {
  init: (directory) => outcome(run(directory, ["init", "-input=false", "-no-color"])),
  plan: (directory, file, targets, lock) => {
    const limits = [...targets.map((target) => `-target=${target}`), ...(lock ? [] : ["-lock=false"])];
    const result = run(directory, [
      "plan",
      "-input=false",
      "-no-color",
      "-detailed-exitcode",
      `-out=${file}`,
      ...limits,
    ]);
    return {
      ...outcome(result),
      ok: result.status === 0 || result.status === 2,
      changes: result.status === 2,
    };
  },
  showJson: (directory, file) => outcome(run(directory, ["show", "-json", file])),
  showText: (directory, file) => outcome(run(directory, ["show", "-no-color", file])),
  apply: (directory, file) => outcome(run(directory, ["apply", "-input=false", file], true)),
};
