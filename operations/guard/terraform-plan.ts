/** A Terraform plan as `terraform show -json` writes it (format 1.x), as far as the guard reads it. */

import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { UsageError } from "../../lib/core/usage-error.ts";

/** The kind of change that an object gets; `unknown` is an action, or a mix of them, that nobody here knows. */
export type ChangeKind =
  | "no-op"
  | "read"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "forget"
  | "forget and create"
  | "unknown";

/** A planned change of one resource. */
export interface ResourceChange {
  readonly address: string;
  /** Source of the provider; empty where the plan does not say. */
  readonly provider: string;
  /** Set when the object is a leftover of a replacement that failed. */
  readonly deposed?: string;
  /** Address before a `moved` block, when it has moved. */
  readonly movedFrom?: string;
  readonly type: string;
  readonly name: string;
  /** Key of `for_each` or `count`. */
  readonly key?: string | number;
  readonly kind: ChangeKind;
  readonly actions: readonly string[];
  readonly imported: boolean;
  readonly before: Fields;
  readonly after: Fields;
  /** True at the paths whose values are known only after the apply. */
  readonly afterUnknown: Fields;
  /** True at the paths whose values are secret, before or after. */
  readonly beforeSensitive: unknown;
  readonly afterSensitive: unknown;
}

/** A managed resource of the state before, or as planned. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly key?: string | number;
  readonly values: Fields;
}

export interface TerraformPlan {
  readonly changes: readonly ResourceChange[];
  /** Changes that somebody else has made since the last apply. */
  readonly drift: readonly ResourceChange[];
  readonly before: readonly PlannedResource[];
  /** Resources after the apply; those that a plan of some resources does not speak of stay as they were. */
  readonly after: readonly PlannedResource[];
  /** False for a plan of some resources only, or with changes put off. */
  readonly complete: boolean;
  /** Addresses whose changes are put off to a later plan. */
  readonly deferred: readonly string[];
  /** Parts of the plan that nobody here has looked at: new sections, failed checks, a newer format. */
  readonly unread: readonly string[];
  /** Addresses, without keys, of resources whose configuration has provisioners. */
  readonly provisioned: ReadonlySet<string>;
}

/** The input is no plan that can be judged. */
export class UnusablePlanError extends UsageError {}

const KINDS: Readonly<Record<string, ChangeKind>> = {
  "no-op": "no-op",
  read: "read",
  create: "create",
  update: "update",
  delete: "delete",
  "delete,create": "replace",
  "create,delete": "replace",
  forget: "forget",
  "create,forget": "forget and create",
  "forget,create": "forget and create",
};

const keyOf = (index: unknown): { key?: string | number } =>
  typeof index === "string" || typeof index === "number" ? { key: index } : {};

/**
 * Reads a plan.
 *
 * Refused, as an UnusablePlanError: anything but a plan of format 1.x; one that Terraform could not finish; changes
 * without an address or actions.
 */
export const readPlan = (text: string): TerraformPlan => {
  const plan = parsed(text);
  const { format_version: format, planned_values: planned } = plan;
  if (typeof format !== "string" || !isFields(planned))
    throw new UnusablePlanError(
      "must be a plan as terraform show -json <plan file> writes it: planned_values is missing",
    );
  if (!/^1\.\d+$/.test(format))
    throw new UnusablePlanError(`format_version: must be 1.x: got ${JSON.stringify(format)}`);
  if (plan.errored === true)
    throw new UnusablePlanError("the plan ended in an error: what it holds is not all that would happen");
  if (plan.resource_changes !== undefined && !Array.isArray(plan.resource_changes))
    throw new UnusablePlanError("resource_changes: must be a list");
  const complete = plan.complete !== false;
  const changes = listOf(plan.resource_changes).flatMap(managedChange);
  const before = withObjects(resourcesOf(fieldsOf(fieldsOf(plan.prior_state).values).root_module), changes);
  const after = withChanges(resourcesOf(planned.root_module), changes);
  const spoken = new Set(after.map(({ address }) => address));
  return {
    changes,
    drift: listOf(plan.resource_drift).flatMap(managedChange),
    before,
    after: complete ? after : [...after, ...before.filter(({ address }) => !spoken.has(address))],
    complete,
    deferred: listOf(plan.deferred_changes).map((deferred) => {
      const { resource_change: change } = fieldsOf(deferred);
      return String(fieldsOf(change).address ?? "an unnamed resource");
    }),
    unread: unreadParts(plan),
    provisioned: new Set(provisionedOf(fieldsOf(plan.configuration).root_module, "")),
  };
};

/** Sections of a plan that hold nothing else that an apply would do, or that are read here. */
const SECTIONS = new Set([
  "format_version",
  "terraform_version",
  "variables",
  "planned_values",
  "resource_drift",
  "resource_changes",
  "output_changes",
  "prior_state",
  "configuration",
  "relevant_attributes",
  "checks",
  "timestamp",
  "applyable",
  "complete",
  "errored",
  "deferred_changes",
]);

/** The newest minor of the format whose sections are known. */
const NEWEST_MINOR = 2;

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);

const unreadParts = (plan: Fields): string[] => [
  ...(Number(String(plan.format_version).slice(2)) > NEWEST_MINOR
    ? [`format_version ${plan.format_version}: newer than 1.${NEWEST_MINOR}, which is known`]
    : []),
  ...Object.entries(plan)
    .filter(([name, value]) => !SECTIONS.has(name) && !isEmpty(value))
    .map(([name]) => `${name}: a section that nobody has looked at`),
  ...listOf(plan.checks)
    .map(fieldsOf)
    .filter(({ status }) => status !== "pass" && status !== "unknown")
    .map(
      ({ address, status }) =>
        `check ${textOf(fieldsOf(address).to_display) || "without a name"}: ${textOf(status) || "no status"}`,
    ),
];

const parsed = (text: string): Fields => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnusablePlanError("must be JSON: use terraform show -json <plan file>");
  }
  if (!isFields(value)) throw new UnusablePlanError("must be a JSON object");
  return value;
};

const managedChange = (value: unknown): ResourceChange[] => {
  const {
    address,
    previous_address: movedFrom,
    mode,
    type,
    name,
    index,
    change,
    provider_name: provider,
    deposed,
  } = fieldsOf(value);
  const { actions, before, after, after_unknown: afterUnknown, importing, ...rest } = fieldsOf(change);
  if (typeof address !== "string" || typeof type !== "string" || typeof name !== "string")
    throw new UnusablePlanError("resource_changes: a change has no address, type or name");
  if (!Array.isArray(actions) || actions.length === 0)
    throw new UnusablePlanError(`resource_changes: ${address} has no actions`);
  const kind = KINDS[actions.join()] ?? "unknown";
  if (mode === "data" && (kind === "read" || kind === "no-op")) return [];
  return [
    {
      address,
      ...(typeof movedFrom === "string" && { movedFrom }),
      type,
      name,
      ...keyOf(index),
      kind,
      actions: actions.map(String),
      imported: importing !== undefined && importing !== null,
      before: fieldsOf(before),
      after: fieldsOf(after),
      afterUnknown: fieldsOf(afterUnknown),
      provider: textOf(provider),
      ...(typeof deposed === "string" && { deposed }),
      beforeSensitive: rest.before_sensitive,
      afterSensitive: rest.after_sensitive,
    },
  ];
};

const resourcesOf = (module: unknown): PlannedResource[] => {
  const { resources, child_modules: children } = fieldsOf(module);
  const own = listOf(resources).flatMap((value): PlannedResource[] => {
    const { address, mode, type, name, index, values } = fieldsOf(value);
    return mode === "managed" && typeof address === "string"
      ? [{ address, type: String(type), name: String(name), ...keyOf(index), values: fieldsOf(values) }]
      : [];
  });
  return [...own, ...listOf(children).flatMap(resourcesOf)];
};

/** Resources in the state, and those that only changes show: an object that is imported is in no state yet. */
const withObjects = (
  resources: readonly PlannedResource[],
  changes: readonly ResourceChange[],
): PlannedResource[] => {
  const held = new Set(resources.map(({ address }) => address));
  const more = changes.filter(
    ({ address, movedFrom, before, deposed }) =>
      deposed === undefined && !isEmpty(before) && !held.has(address) && !held.has(movedFrom ?? address),
  );
  return [...resources, ...more.map((change) => ({ ...change, values: change.before }))];
};

/** Planned values, with those that the changes themselves name: they are what an apply does. */
const withChanges = (
  resources: readonly PlannedResource[],
  changes: readonly ResourceChange[],
): PlannedResource[] => {
  const spoken = new Map(
    changes
      .filter(({ deposed, after }) => deposed === undefined && !isEmpty(after))
      .map((each) => [each.address, each]),
  );
  return resources.map((resource) => ({
    ...resource,
    values: spoken.get(resource.address)?.after ?? resource.values,
  }));
};

const provisionedOf = (module: unknown, prefix: string): string[] => {
  const { resources, module_calls: calls } = fieldsOf(module);
  const own = listOf(resources).flatMap((value) => {
    const { address, provisioners } = fieldsOf(value);
    return listOf(provisioners).length > 0 ? [`${prefix}${address}`] : [];
  });
  const nested = Object.entries(fieldsOf(calls)).flatMap(([name, call]) =>
    provisionedOf(fieldsOf(call).module, `${prefix}module.${name}.`),
  );
  return [...own, ...nested];
};

/** An address without any key of `count` or `for_each`, of modules too. */
export const withoutKeys = (address: string): string => address.replace(/\[("(\\.|[^"\\])*"|\d+)\]/g, "");

/** True when the object itself goes away, or Terraform's hold on it. */
export const loses = ({ kind }: ResourceChange): boolean =>
  kind === "delete" || kind === "replace" || kind === "forget" || kind === "forget and create";

/** True when the object itself is destroyed. */
export const destroys = ({ kind }: ResourceChange): boolean => kind === "delete" || kind === "replace";
