import { GUARD_RULES } from "../../environments/guard-rules.ts";
import type { Environment } from "../../environments/schema.ts";
import { type Change, changesOf, displayPath, displayValues } from "./changes.ts";
import type { Class } from "./classes.ts";
import { type FlowChanges, flowChanges, flowRefusals } from "./flows.ts";
import { worldOf } from "./plan-world.ts";
import type { Evidence, Found, GuardCheck, GuardContext, GuardRefusal } from "./rule.ts";
import { capacity } from "./rules/capacity.ts";
import { irreplaceable } from "./rules/irreplaceable.ts";
import { controlPlane, etcdQuorum, nodeReset, oneNode } from "./rules/nodes.ts";
import { provisioner } from "./rules/provisioner.ts";
import { quotaBelowUse } from "./rules/quotas.ts";
import { readablePlan } from "./rules/readable-plan.ts";
import { versionSkew } from "./rules/versions.ts";
import { classOf } from "./table.ts";
import { type ChangeKind, type ResourceChange, readPlan, type TerraformPlan } from "./terraform-plan.ts";

/** Rules that decide from several resources together; the table decides each change by itself. */
const RULES: readonly GuardCheck[] = [
  readablePlan,
  irreplaceable,
  controlPlane,
  etcdQuorum,
  nodeReset,
  oneNode,
  versionSkew,
  provisioner,
  quotaBelowUse,
  capacity,
];

export interface GuardOptions extends Evidence {
  /** The environment that the plan is of; its waivers count. */
  readonly environment: Environment;
  /** The day against which waivers are read, YYYY-MM-DD. */
  readonly today: string;
}

/** A refusal that the environment lets by. */
export interface Waived extends GuardRefusal {
  readonly until: string;
  readonly why: string;
}

/** A change with its class. */
export interface Classed {
  readonly change: Change;
  readonly class: Class;
}

export interface GuardVerdict {
  /** True when nothing is refused. */
  readonly passes: boolean;
  readonly refused: readonly GuardRefusal[];
  readonly waived: readonly Waived[];
  /** Every resource that the plan touches, in the order of the plan. */
  readonly changes: readonly ResourceChange[];
  /** Every single change, with the class that the table gives it. */
  readonly classed: readonly Classed[];
  readonly counts: Readonly<Partial<Record<ChangeKind | "import" | "moved", number>>>;
  /** Addresses that somebody else has changed. */
  readonly drifted: readonly string[];
  /** Undefined when no network policy changes. */
  readonly flows: FlowChanges | undefined;
}

/**
 * Judges a plan, given as the JSON of `terraform show -json`. A pure function: the plan, the environment and the
 * evidence decide, nothing else is asked. A change that no rule knows to be harmless is refused.
 *
 * Throws an UnusablePlanError for text that is no plan.
 */
export const guard = (planJson: string, { environment, today, ...evidence }: GuardOptions): GuardVerdict => {
  const plan = readPlan(planJson);
  const world = worldOf(plan, evidence.otherResources);
  const context: GuardContext = { plan, environment, evidence, world };
  const flows = flowChanges(context);
  const classed = plan.changes
    .flatMap(changesOf)
    .map((change): Classed => ({ change, class: classOf(change, context) }));
  const together = [
    ...RULES.flatMap((rule) => [...rule.check(context)].map((found) => refusalOf(rule.name, found, plan))),
    ...(flows ? flowRefusals(flows) : []).map(({ rule, ...found }) => refusalOf(rule, found, plan)),
  ];
  const found = [...together, ...classed.flatMap((each) => refusedChange(each, together))];
  const judged = unique(found).map((refusal) => ({
    refusal,
    waiver: waiverFor(refusal, environment, today),
  }));
  const refused = judged.flatMap(({ refusal, waiver }) => (waiver ? [] : [refusal]));
  return {
    passes: refused.length === 0,
    refused,
    waived: judged.flatMap(({ refusal, waiver }) =>
      waiver ? [{ ...refusal, until: waiver.until, why: waiver.reason }] : [],
    ),
    changes: plan.changes.filter(({ kind, imported }) => (kind !== "no-op" && kind !== "read") || imported),
    classed,
    counts: countsOf(plan),
    drifted: plan.drift.filter(({ kind }) => kind !== "no-op").map(({ address }) => address),
    flows,
  };
};

/** A rule that speaks of a whole resource is waived for the whole of its values. */
const refusalOf = (rule: GuardRefusal["rule"], found: Found, { changes }: TerraformPlan): GuardRefusal => {
  const change = changes.find(({ address }) => address === found.resource);
  const values = (value: unknown) =>
    typeof value === "object" && value !== null && Object.keys(value).length > 0 ? value : undefined;
  const whole = displayValues({
    path: [],
    before: values(change?.before),
    after: values(change?.after),
    unknown: false,
    sensitive: change?.type.includes("secret") ?? false,
  });
  return { rule, path: "whole", ...whole, ...found };
};

/** The table's refusal of a change, unless a rule has said the same of the resource. */
const refusedChange = (
  { change, class: judged }: Classed,
  together: readonly GuardRefusal[],
): GuardRefusal[] => {
  if (judged.rule === undefined) return [];
  const { rule, why, cure = "when it is right, waive this very change: see docs/adr/0007-guard.md" } = judged;
  const { address } = change.resource;
  const isSaid = together.some((refusal) => refusal.resource === address && refusal.rule === rule);
  if (isSaid && change.path.length === 0) return [];
  return [
    { rule, resource: address, path: displayPath(change), ...displayValues(change), reason: why, cure },
  ];
};

const unique = (refusals: readonly GuardRefusal[]): GuardRefusal[] => [
  ...new Map(
    refusals.map((refusal) => [
      [refusal.rule, refusal.resource, refusal.path, refusal.before, refusal.after, refusal.reason].join(
        "\n",
      ),
      refusal,
    ]),
  ).values(),
];

const waiverFor = (refusal: GuardRefusal, { waivers = [] }: Environment, today: string) =>
  GUARD_RULES[refusal.rule].waivable
    ? waivers.find(
        (waiver) =>
          (["rule", "resource", "path", "before", "after"] as const).every(
            (field) => waiver[field] === refusal[field],
          ) && waiver.until >= today,
      )
    : undefined;

const countsOf = ({ changes }: TerraformPlan): GuardVerdict["counts"] => {
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
