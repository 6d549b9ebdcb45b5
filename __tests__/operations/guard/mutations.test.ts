import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isFields } from "../../../lib/core/fields.ts";
import { judge, recorded } from "./plans.ts";
import { stackPlan } from "./real-plans.ts";

type Path = readonly string[];

/** Every leaf below a value, also those of JSON in texts. */
const leaves = (value: unknown, path: Path = []): Path[] => {
  const inner = typeof value === "string" && /^\{"/.test(value) ? JSON.parse(value) : value;
  if (typeof inner !== "object" || inner === null || Object.keys(inner).length === 0) return [path];
  return Object.entries(inner).flatMap(([key, each]) => leaves(each, [...path, key]));
};

const changed = (value: unknown, how: number): unknown => {
  if (how === 0) return undefined;
  if (how === 1) return { odd: true };
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + (how === 2 ? 1 : -1);
  return `${value}${how === 2 ? "x" : "9"}`;
};

/** The value with another leaf at the path. */
const mutated = (value: unknown, [step, ...rest]: Path, how: number): unknown => {
  if (step === undefined) return changed(value, how);
  if (typeof value === "string") return JSON.stringify(mutated(JSON.parse(value), [step, ...rest], how));
  if (Array.isArray(value))
    return value.map((each, index) => (`${index}` === step ? (mutated(each, rest, how) ?? null) : each));
  return isFields(value) ? { ...value, [step]: mutated(value[step], rest, how) } : value;
};

const PLANS = [
  ...["dev-backup", "dev-cluster", "dev-platform", "dev-apps"].map((stack) => stackPlan(stack)),
  ...["moved-forgotten", "platform", "targeted"].map(recorded),
].map((text) => JSON.parse(text));

interface Mutable {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly before: unknown; readonly after: unknown };
}

const ADDRESSES = PLANS.flatMap((plan) =>
  (plan.resource_changes as Mutable[])
    .filter(({ change }) => isFields(change.after) && isFields(change.before))
    .map((resource) => ({ plan, resource, paths: leaves(resource.change.after) })),
);

test("whatever changes is classed, and what passes is known to be harmless", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ADDRESSES),
      fc.nat(),
      fc.nat(3),
      fc.boolean(),
      (picked, at, how, isUpdate) => {
        const { plan, resource, paths } = picked;
        const path = paths[at % paths.length] ?? [];
        const after = mutated(resource.change.after, path, how);
        if (path.length === 0 || JSON.stringify(after) === JSON.stringify(resource.change.before)) return;
        const actions = isUpdate ? ["update"] : resource.change.actions;
        const change = { ...resource, change: { ...resource.change, actions, after } };
        const verdict = judge(JSON.stringify({ ...plan, resource_changes: [change] }));
        const found = verdict.classed.filter((each) => each.change.resource.address === resource.address);
        expect([path, found.length > 0]).toEqual([path, true]);
        if (verdict.refused.every((refusal) => refusal.resource !== resource.address))
          expect(found.every((each) => ["harmless", "visible"].includes(each.class.class))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
