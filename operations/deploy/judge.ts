import { type GuardOptions, type GuardVerdict, guard } from "../guard/guard.ts";
import { UnusablePlanError } from "../guard/terraform-plan.ts";
import type { StackRequest } from "./request.ts";
import type { Terraform, TerraformOutcome } from "./terraform.ts";

/** Tools to judge a plan with. */
export interface JudgeTools {
  readonly terraform: Terraform;
  /** The evidence that the guard needs beside the plan. */
  guardOptions(stack: StackRequest): GuardOptions;
}

/** The reason why there is no verdict. */
export interface Failure {
  readonly failed: string;
}

export interface Judged {
  readonly verdict: GuardVerdict;
  /** False when an apply of the plan would do nothing. */
  readonly changes: boolean;
}

export interface PlanLimits {
  /**
   * Addresses that the plan is limited to.
   * @default - the whole stack
   */
  readonly targets?: readonly string[];
  /**
   * True when the state is locked while planning. A plan that nobody will apply needs no lock, and then no right to
   * write.
   * @default true
   */
  readonly lock?: boolean;
}

const failure = (what: string, { error }: TerraformOutcome): Failure => ({ failed: `${what}: ${error}` });

/**
 * Runs `action` and turns what it throws into a failure: Terraform that is not there, a plan that the guard cannot
 * read.
 */
const orFailure = <T>(action: () => T | Failure): T | Failure => {
  try {
    return action();
  } catch (error) {
    const what = error instanceof UnusablePlanError ? "the guard cannot read the plan" : "deploy";
    return { failed: `${what}: ${error instanceof Error ? error.message : error}` };
  }
};

/** Plans the stack in its directory to `file`, and judges the plan. */
export const planAndJudge = (
  stack: StackRequest,
  directory: string,
  file: string,
  { terraform, guardOptions }: JudgeTools,
  { targets = [], lock = true }: PlanLimits = {},
): Judged | Failure =>
  orFailure(() => {
    const init = terraform.init(directory);
    if (!init.ok) return failure("terraform init", init);
    const plan = terraform.plan(directory, file, targets, lock);
    if (!plan.ok) return failure("terraform plan", plan);
    const json = terraform.showJson(directory, file);
    if (!json.ok) return failure("terraform show -json", json);
    const verdict = guard(json.output, { ...guardOptions(stack), ...(targets.length > 0 && { targets }) });
    return { verdict, changes: plan.changes };
  });

/** Judges a plan that was made before, anew: a waiver may have run out since. */
export const judgeAgain = (
  stack: StackRequest,
  directory: string,
  file: string,
  { terraform, guardOptions }: JudgeTools,
): Judged | Failure =>
  orFailure(() => {
    const init = terraform.init(directory);
    if (!init.ok) return failure("terraform init", init);
    const json = terraform.showJson(directory, file);
    if (!json.ok) return failure("terraform show -json", json);
    return { verdict: guard(json.output, guardOptions(stack)), changes: true };
  });
