import { type CommandResult, runCommandSync } from "../../lib/core/process/command.ts";
import { INIT, inDirectory, planTo, showJson } from "./terraform-commands.ts";

/** The commands of Terraform that a deploy runs, in the directory of one stack. A double of it stands in for tests. */
export interface Terraform {
  init(directory: string): TerraformOutcome;
  /** Writes the plan to `file`, a path from the directory. Without `lock` the state is read, but not locked. */
  plan(directory: string, file: string, targets: readonly string[], lock: boolean): PlanOutcome;
  /** The plan as JSON. */
  showJson(directory: string, file: string): TerraformOutcome;
  /** The plan as a person reads it. */
  showText(directory: string, file: string): TerraformOutcome;
  apply(directory: string, file: string): TerraformOutcome;
}

export interface TerraformOutcome {
  readonly ok: boolean;
  /** Standard output of what was asked; empty where it went to the terminal. */
  readonly output: string;
  /** The reason why it failed. */
  readonly error: string;
}

export interface PlanOutcome extends TerraformOutcome {
  readonly changes: boolean;
}

const run = (directory: string, args: readonly string[], shown = false): CommandResult =>
  runCommandSync("terraform", inDirectory(directory, args), {
    variables: { TF_IN_AUTOMATION: "1" },
    shown,
  });

const outcome = ({ code, stdout, stderr }: CommandResult): TerraformOutcome => ({
  ok: code === 0,
  output: stdout,
  error: stderr.trim() || `terraform ended with ${code}`,
});

/** The Terraform of the machine. Plan and apply write to the terminal, the plan's own text comes from `showText`. */
export const realTerraform: Terraform = {
  init: (directory) => outcome(run(directory, INIT)),
  plan: (directory, file, targets, lock) => {
    const limits = [...targets.map((target) => `-target=${target}`), ...(lock ? [] : ["-lock=false"])];
    const result = run(directory, planTo(file, "-detailed-exitcode", ...limits));
    return {
      ...outcome(result),
      ok: result.code === 0 || result.code === 2,
      changes: result.code === 2,
    };
  },
  showJson: (directory, file) => outcome(run(directory, showJson(file))),
  showText: (directory, file) => outcome(run(directory, ["show", "-no-color", file])),
  apply: (directory, file) => outcome(run(directory, ["apply", "-input=false", file], true)),
};
