import { describe, expect, test } from "vitest";
import { readPlan, UnusablePlanError, withoutKeys } from "../../../operations/guard/terraform-plan.ts";
import { judge, planOf, recorded, refusals } from "./plans.ts";

describe("what is no plan", () => {
  test.each([
    ["no JSON", "Terraform used the selected providers", "must be JSON"],
    ["a list", "[]", "must be a JSON object"],
    ["null", "null", "must be a JSON object"],
    ["a state", '{"format_version":"1.0","values":{"root_module":{}}}', "planned_values is missing"],
    ["another format", planOf([], { format_version: "2.0" }), 'must be 1.x: got "2.0"'],
    ["a plan that failed", planOf([], { errored: true }), "ended in an error"],
    ["changes that are no list", planOf([], { resource_changes: {} }), "must be a list"],
    ["a change without an address", planOf([], { resource_changes: [{ change: {} }] }), "no address"],
    [
      "a change without actions",
      planOf([], { resource_changes: [{ address: "a.b", type: "a", name: "b", change: {} }] }),
      "a.b has no actions",
    ],
  ])("%s is unusable", (_, text, message) => {
    expect(() => readPlan(text)).toThrow(UnusablePlanError);
    expect(() => readPlan(text)).toThrow(message);
  });
});

describe("a plan that does not say everything is refused", () => {
  const create = {
    address: "kubernetes_config_map_v1.a",
    actions: ["create"],
    after: { metadata: [{ name: "a" }] },
  };

  test("of some resources only", () => {
    expect(refusals(planOf([create], { complete: false }))).toEqual(["readable-plan plan"]);
    expect(refusals(planOf([create]))).toEqual([]);
  });

  test("of some resources on purpose: only these may change", () => {
    const plan = planOf([create, { ...create, address: 'kubernetes_config_map_v1.b["x"]' }], {
      complete: false,
    });
    expect(refusals(plan, { targets: ["kubernetes_config_map_v1.a", "kubernetes_config_map_v1.b"] })).toEqual(
      [],
    );
    expect(refusals(plan, { targets: ["kubernetes_config_map_v1.a"] })).toEqual([
      'readable-plan kubernetes_config_map_v1.b["x"]',
    ]);
  });

  test("with changes put off", () => {
    const plan = planOf([create], {
      deferred_changes: [{ reason: "resource_config_unknown", resource_change: { address: "thing.late" } }],
    });
    expect(refusals(plan)).toEqual(["readable-plan thing.late"]);
  });

  test.each([[["explode"]], [["delete", "update"]], [["create", "delete", "create"]]])(
    "with the actions %j",
    (actions) => {
      expect(refusals(planOf([{ address: "thing.a", actions, before: {} }]))).toContain(
        "readable-plan thing.a",
      );
    },
  );

  test("in which a resource vanishes without a word", () => {
    const prior_state = {
      values: {
        root_module: { child_modules: [{ resources: [{ address: "module.a.thing.b", mode: "managed" }] }] },
      },
    };
    expect(refusals(planOf([create], { prior_state }))).toEqual(["readable-plan module.a.thing.b"]);
  });

  test("an unknown change of a data source counts too", () => {
    const data = { address: "data.a.b", mode: "data", type: "a", name: "b", change: { actions: ["delete"] } };
    expect(judge(planOf([], { resource_changes: [data] })).counts.delete).toBe(1);
    const read = { ...data, change: { actions: ["read"] } };
    expect(judge(planOf([], { resource_changes: [read] })).counts).toEqual({});
  });
});

test("both orders of a replacement, and both ways to forget", () => {
  const kinds = [["delete", "create"], ["create", "delete"], ["forget"], ["create", "forget"]].map(
    (actions) => readPlan(planOf([{ address: "thing.a", actions, before: {} }])).changes[0]?.kind,
  );
  expect(kinds).toEqual(["replace", "replace", "forget", "forget and create"]);
});

test("keys of count and for_each, with brackets and quotes in them", () => {
  expect(withoutKeys('module.a["x]\\"y"].thing.b[0]')).toBe("module.a.thing.b");
});

test("what Terraform wrote for moved and forgotten resources of nested modules", () => {
  const verdict = judge(recorded("moved-forgotten"));
  expect(verdict.passes).toBe(true);
  expect(verdict.counts).toEqual({ forget: 5, moved: 1 });
});

test("what Terraform wrote for one resource of several", () => {
  expect(refusals(recorded("targeted"))).toContain("readable-plan plan");
  expect(refusals(recorded("targeted"), { targets: ["kubernetes_resource_quota_v1.kept"] })).toEqual([
    "quota-below-use kubernetes_resource_quota_v1.kept",
  ]);
});
