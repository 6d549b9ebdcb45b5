/** A Terraform plan as `terraform show -json` writes it (format 1.x), as far as the guard reads it. */

import { type Fields, fieldsOf, isFields, listOf } from "../../lib/core/fields.ts";
import { UsageError } from "../../lib/core/usage-error.ts";

/** What a change does to an object; `unknown` is an action, or a mix of them, that nobody here knows. */
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

export interface Change {
  readonly address: string;
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
}

/** A managed resource of the state before, or as planned. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly key?: string | number;
  readonly values: Fields;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** What somebody else has changed since the last apply. */
  readonly drift: readonly Change[];
  readonly before: readonly PlannedResource[];
  /** What a plan of some resources does not speak of stays as it was. */
  readonly after: readonly PlannedResource[];
  /** False for a plan of some resources only, or with changes put off. */
  readonly complete: boolean;
  /** Addresses whose changes are put off to a later plan. */
  readonly deferred: readonly string[];
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
export const readPlan = (text: string): Plan => {
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
  const before = resourcesOf(fieldsOf(fieldsOf(plan.prior_state).values).root_module);
  const after = resourcesOf(planned.root_module);
  const spoken = new Set(after.map(({ address }) => address));
  return {
    changes: listOf(plan.resource_changes).flatMap(managedChange),
    drift: listOf(plan.resource_drift).flatMap(managedChange),
    before,
    after: complete ? after : [...after, ...before.filter(({ address }) => !spoken.has(address))],
    complete,
    deferred: listOf(plan.deferred_changes).map((deferred) => {
      const { resource_change: change } = fieldsOf(deferred);
      return String(fieldsOf(change).address ?? "an unnamed resource");
    }),
    provisioned: new Set(provisionedOf(fieldsOf(plan.configuration).root_module, "")),
  };
};

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

const managedChange = (value: unknown): Change[] => {
  const { address, previous_address: movedFrom, mode, type, name, index, change } = fieldsOf(value);
  const { actions, before, after, after_unknown: afterUnknown, importing } = fieldsOf(change);
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

/** Whether the object itself goes away, or Terraform's hold on it. */
export const loses = ({ kind }: Change): boolean =>
  kind === "delete" || kind === "replace" || kind === "forget" || kind === "forget and create";

/** Whether the object itself is destroyed. */
export const destroys = ({ kind }: Change): boolean => kind === "delete" || kind === "replace";
