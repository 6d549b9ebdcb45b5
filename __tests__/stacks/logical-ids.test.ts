import { expect, test } from "vitest";
import { type LogicalIds, logicalIdProblems } from "../../lib/core/synthesis/logical-ids.ts";
import committed from "../../stacks/logical-ids.json" with { type: "json" };
import { homelab } from "./homelab.ts";

test("no address of either environment moves", () => {
  expect(logicalIdProblems(committed, homelab().stacks)).toEqual([]);
});

const before: LogicalIds = { "dev-apps": ["thing.a", "thing.b"] };
const stacks = (resource: Record<string, Record<string, object>>, blocks: object = {}) =>
  new Map([["dev-apps", { resource, ...blocks } as object]]);

test("an address that is gone is a destroy, unless a block releases it", () => {
  const without = { thing: { a: {} } };
  expect(logicalIdProblems(before, stacks(without))).toEqual([
    "dev-apps: thing.b: is gone: Terraform would destroy it; add moved or removed",
  ]);
  expect(logicalIdProblems(before, stacks(without, { moved: [{ from: "thing.b", to: "thing.a" }] }))).toEqual(
    [],
  );
  expect(logicalIdProblems(before, stacks(without, { removed: [{ from: "thing.b" }] }))).toEqual([]);
});

test("a new address has to be committed", () => {
  expect(logicalIdProblems(before, stacks({ thing: { a: {}, b: {}, c: {} } }))).toEqual([
    "dev-apps: thing.c: is new: commit it with npm run homelab -- logical-ids --write",
  ]);
});

test("a stack that is gone is named", () => {
  expect(logicalIdProblems(before, new Map())).toEqual([
    "dev-apps: the stack is gone, and with it 2 resources",
  ]);
});
