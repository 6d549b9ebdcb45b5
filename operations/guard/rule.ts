import type { GuardRule } from "../../environments/guard-rules.ts";
import type { Environment } from "../../environments/schema.ts";
import type { Change, Plan } from "./plan.ts";

/** Facts that no plan holds, as files that an operator or a job hands in. */
export interface Evidence {
  /**
   * Host names of etcd's members now.
   * @default - unknown: a control plane is not let go
   */
  readonly etcdMembers?: readonly string[];
  /**
   * What quotas count now: `<namespace>/<quota>` to resource to quantity.
   * @default - unknown: no quota is cut
   */
  readonly quotaUse?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /**
   * Network policies of the other stacks, which hold beside those of the plan.
   * @default - none
   */
  readonly otherPolicies?: readonly unknown[];
  /**
   * Addresses that the plan was limited to on purpose.
   * @default - the plan must be of the whole stack
   */
  readonly targets?: readonly string[];
}

export interface GuardContext {
  readonly plan: Plan;
  readonly environment: Environment;
  readonly evidence: Evidence;
}

export interface Refusal {
  readonly rule: GuardRule;
  /** Address in the plan. */
  readonly resource: string;
  readonly reason: string;
  /** How to go on. */
  readonly cure: string;
}

/** Says what it refuses; the name stands in `GUARD_RULES`. */
export interface Rule {
  readonly name: GuardRule;
  check(context: GuardContext): Iterable<Omit<Refusal, "rule">>;
}

/** `destroyed`, `replaced` or `forgotten`. */
export const lossOf = ({ kind }: Change): string => {
  if (kind === "delete") return "destroyed";
  return kind === "replace" ? "replaced" : "forgotten";
};
