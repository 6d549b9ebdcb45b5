import type { GuardRule } from "../../environments/guard-rules.ts";
import type { Environment } from "../../environments/schema.ts";
import type { PlanWorld } from "./plan-world.ts";
import type { PlannedResource, ResourceChange, TerraformPlan } from "./terraform-plan.ts";

/** Versions that a node says it runs, e.g. `v1.12.5`. */
export interface NodeVersions {
  readonly talos: string | undefined;
  readonly kubelet: string | undefined;
}

/** Facts that no plan holds, as files that an operator or a job hands in. */
export interface Evidence {
  /**
   * Host names of etcd's members now.
   * @default - unknown: a control plane is not let go
   */
  readonly etcdMembers?: readonly string[];
  /**
   * The use that quotas count now: `<namespace>/<quota>` to resource to quantity.
   * @default - unknown: no quota is cut
   */
  readonly quotaUse?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /**
   * Versions that nodes run now, by name.
   * @default - unknown: a version is written to one machine at a time
   */
  readonly running?: ReadonlyMap<string, NodeVersions>;
  /**
   * Resources of the other stacks, which are there beside those of the plan.
   * @default - none
   */
  readonly otherResources?: readonly Pick<PlannedResource, "address" | "type" | "values">[];
  /**
   * Addresses that the plan was limited to on purpose.
   * @default - the plan must be of the whole stack
   */
  readonly targets?: readonly string[];
}

export interface GuardContext {
  readonly plan: TerraformPlan;
  readonly environment: Environment;
  readonly evidence: Evidence;
  /** Both sides of the plan. */
  readonly world: PlanWorld;
}

export interface GuardRefusal {
  readonly rule: GuardRule;
  /** Address in the plan. */
  readonly resource: string;
  /** The changed path and its values before and after: a waiver names all three. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
  /** The way to go on. */
  readonly cure: string;
}

/** A finding of a rule; without a path it is about the whole resource. */
export type Found = Omit<GuardRefusal, "rule" | "path" | "before" | "after"> &
  Partial<Pick<GuardRefusal, "path" | "before" | "after">>;

/** Says what it refuses; the name stands in `GUARD_RULES`. */
export interface GuardCheck {
  readonly name: GuardRule;
  check(context: GuardContext): Iterable<Found>;
}

/** `destroyed`, `replaced` or `forgotten`. */
export const lossOf = ({ kind }: ResourceChange): string => {
  if (kind === "delete") return "destroyed";
  return kind === "replace" ? "replaced" : "forgotten";
};
