import { GUARD_RULES } from "../../environments/guard-rules.ts";
import type { Environment } from "../../environments/schema.ts";
import { type FlowChanges, flowChanges } from "./flows.ts";
import { type Change, type ChangeKind, type Plan, readPlan } from "./plan.ts";
import type { Evidence, GuardContext, Refusal, Rule } from "./rule.ts";
import { irreplaceable } from "./rules/irreplaceable.ts";
import { mustLiveRefusals } from "./rules/must-live-flow.ts";
import { controlPlane, etcdQuorum, nodeReset, oneNode } from "./rules/nodes.ts";
import { loadBearing, namespaceOrClaim, provisioner, quotaBelowUse } from "./rules/objects.ts";
import { readablePlan } from "./rules/readable-plan.ts";
import { versionSkew } from "./rules/versions.ts";

const RULES: readonly Rule[] = [
  readablePlan,
  irreplaceable,
  controlPlane,
  etcdQuorum,
  nodeReset,
  oneNode,
  versionSkew,
  provisioner,
  quotaBelowUse,
  namespaceOrClaim,
  loadBearing,
];

export interface GuardOptions extends Evidence {
  /** The environment that the plan is of; its waivers count. */
  readonly environment: Environment;
  /** The day against which waivers are read, YYYY-MM-DD. */
  readonly today: string;
}

/** A refusal that the environment lets by. */
export interface Waived extends Refusal {
  readonly until: string;
  readonly why: string;
}

export interface Verdict {
  /** True when nothing is refused. */
  readonly passes: boolean;
  readonly refused: readonly Refusal[];
  readonly waived: readonly Waived[];
  /** Everything that the plan touches, in the order of the plan. */
  readonly changes: readonly Change[];
  readonly counts: Readonly<Partial<Record<ChangeKind | "import" | "moved", number>>>;
  /** What somebody else has changed. */
  readonly drifted: readonly string[];
  /** Undefined when no network policy changes. */
  readonly flows: FlowChanges | undefined;
}

/**
 * Judges a plan, given as the JSON of `terraform show -json`. A pure function: the plan, the environment and the
 * evidence decide, nothing else is asked.
 *
 * Throws an UnusablePlanError on what is no plan.
 */
export const guard = (planJson: string, { environment, today, ...evidence }: GuardOptions): Verdict => {
  const plan = readPlan(planJson);
  const context: GuardContext = { plan, environment, evidence };
  const flows = flowChanges(context);
  const found = [
    ...RULES.flatMap((rule) => [...rule.check(context)].map((refusal) => ({ rule: rule.name, ...refusal }))),
    ...(flows ? mustLiveRefusals(flows) : []),
  ];
  const judged = found.map((refusal) => ({ refusal, waiver: waiverFor(refusal, environment, today) }));
  const refused = judged.flatMap(({ refusal, waiver }) => (waiver ? [] : [refusal]));
  return {
    passes: refused.length === 0,
    refused,
    waived: judged.flatMap(({ refusal, waiver }) =>
      waiver ? [{ ...refusal, until: waiver.until, why: waiver.reason }] : [],
    ),
    changes: plan.changes.filter(({ kind, imported }) => (kind !== "no-op" && kind !== "read") || imported),
    counts: countsOf(plan),
    drifted: plan.drift.filter(({ kind }) => kind !== "no-op").map(({ address }) => address),
    flows,
  };
};

const waiverFor = ({ rule, resource }: Refusal, { waivers = [] }: Environment, today: string) =>
  GUARD_RULES[rule].waivable
    ? waivers.find((waiver) => waiver.rule === rule && waiver.resource === resource && waiver.until >= today)
    : undefined;

const countsOf = ({ changes }: Plan): Verdict["counts"] => {
  const counts: Partial<Record<ChangeKind | "import" | "moved", number>> = {};
  const add = (name: ChangeKind | "import" | "moved") => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { kind, imported, movedFrom } of changes) {
    if (kind !== "no-op" && kind !== "read") add(kind);
    if (imported) add("import");
    if (movedFrom !== undefined) add("moved");
  }
  return counts;
};
