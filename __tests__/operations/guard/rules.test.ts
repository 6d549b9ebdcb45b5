import { describe, expect, test } from "vitest";
import { GUARD_RULES, WAIVABLE_RULES } from "../../../environments/guard-rules.ts";
import { CASES, lost, namespace, QUOTA, quota } from "./cases.ts";
import {
  apply,
  environment,
  judge,
  machine,
  planOf,
  recorded,
  refusals,
  rules,
  updates,
  waiverOf,
} from "./plans.ts";

describe.each(Object.entries(CASES))("%s", (rule, { refused, passes }) => {
  test.each(refused.map((changes, index) => [index, changes] as const))("refuses plan %i", (_, changes) => {
    expect(rules(planOf(changes))).toContain(rule);
  });

  test.each(passes.map((changes, index) => [index, changes] as const))("lets plan %i pass", (_, changes) => {
    expect(rules(planOf(changes))).not.toContain(rule);
  });
});

test("every rule has both, and every refusal says how to go on", () => {
  for (const [rule, { refused, passes }] of Object.entries(CASES)) {
    expect([rule, refused.length > 0, passes.length > 0]).toEqual([rule, true, true]);
    for (const changes of refused)
      for (const { reason, cure } of judge(planOf(changes)).refused)
        expect([reason.length > 10, cure.length > 5]).toEqual([true, true]);
  }
});

describe("a control plane leaves", () => {
  const plan = planOf([
    lost(apply("diva"), machine(164)),
    lost(apply("dulce"), machine(163)),
    { address: apply("daphne"), actions: ["no-op"], before: machine(162), after: machine(162) },
  ]);
  const waivers = judge(plan)
    .refused.filter(({ rule }) => rule === "control-plane")
    .map((refusal) => waiverOf(refusal));
  const options = { environment: environment((input) => Object.assign(input, { waivers })) };

  test.each([
    ["etcd has let both go", ["daphne"], ["one-node"]],
    ["etcd still has one", ["daphne", "diva"], ["etcd-quorum", "one-node"]],
    ["what stays is not in etcd", ["diva"], ["etcd-quorum", "one-node"]],
  ])("%s", (_, etcdMembers, expected) => {
    expect(rules(plan, { ...options, etcdMembers })).toEqual(expected);
  });

  test("an even number must not stay", () => {
    const two = planOf([
      lost(apply("diva"), machine(164)),
      ...updates({ daphne: [machine(162), machine(162)], dulce: [machine(163), machine(163)] }),
    ]);
    expect(rules(two, { ...options, etcdMembers: ["daphne", "dulce"] })).toEqual(["etcd-quorum"]);
  });
});

describe("waivers", () => {
  const plan = planOf([lost("kubernetes_namespace_v1.media", namespace)]);
  const [refusal] = judge(plan).refused;
  if (!refusal) throw new Error("must be refused");
  const withWaiver = (change: object, today?: string, of = plan) =>
    judge(of, {
      environment: environment((input) =>
        Object.assign(input, { waivers: [{ ...waiverOf(refusal), ...change }] }),
      ),
      ...(today && { today }),
    });

  test("let one change by, and stay visible", () => {
    const { passes, waived } = withWaiver({});
    expect(passes).toBe(true);
    expect(waived).toMatchObject([{ resource: refusal.resource, until: "2026-12-01" }]);
  });

  test.each([
    ["on its last day", {}, "2026-12-01", true],
    ["the day after", {}, "2026-12-02", false],
    ["for another resource", { resource: "kubernetes_namespace_v1.tools" }, undefined, false],
    ["for another rule", { rule: "load-bearing" }, undefined, false],
    ["for another path", { path: "metadata.labels" }, undefined, false],
    ["for another object", { before: "{}" }, undefined, false],
  ])("%s", (_, change, today, passes) => {
    expect(withWaiver(change, today).passes).toBe(passes);
  });

  test("not for the same address in another plan", () => {
    const other = planOf([lost("kubernetes_namespace_v1.media", { metadata: [{ name: "else" }] })]);
    expect(withWaiver({}, undefined, other).passes).toBe(false);
  });

  test("not for what cannot be had again", () => {
    expect(WAIVABLE_RULES).not.toContain("irreplaceable");
    const never = Object.entries(GUARD_RULES).filter(([, { waivable }]) => !waivable);
    expect(never.map(([name]) => name)).toEqual([
      "readable-plan",
      "irreplaceable",
      "etcd-quorum",
      "node-reset",
    ]);
  });
});

describe("quotas, with what is used", () => {
  const plan = planOf([{ address: QUOTA, actions: ["update"], before: quota("4"), after: quota("2") }]);
  test.each([
    ["1900m", []],
    ["2", []],
    ["2100m", [`quota-below-use ${QUOTA}`]],
  ])("%s in use", (cpu, expected) => {
    expect(refusals(plan, { quotaUse: new Map([["media/media", { "requests.cpu": cpu }]]) })).toEqual(
      expected,
    );
  });

  test("a quota that comes in the place of another is held against its use", () => {
    const anew = planOf([{ address: QUOTA, actions: ["create"], after: quota("2") }]);
    const using = (cpu: string) => ({ quotaUse: new Map([["media/media", { "requests.cpu": cpu }]]) });
    expect(refusals(anew, using("3"))).toEqual([`quota-below-use ${QUOTA}`]);
    expect(refusals(anew, using("1"))).toEqual([]);
  });
});

test("a deleted bucket that Terraform would make anew is not silent", () => {
  const drift = [
    {
      address: "aws_s3_bucket.etcd",
      mode: "managed",
      type: "aws_s3_bucket",
      name: "etcd",
      change: { actions: ["delete"] },
    },
  ];
  expect(
    rules(
      planOf([{ address: "aws_s3_bucket.etcd", actions: ["create"], after: {} }], { resource_drift: drift }),
    ),
  ).toEqual(["irreplaceable"]);
});

test("provisioners are found in nested modules, whatever the type", () => {
  const configuration = {
    root_module: {
      module_calls: {
        a: { module: { resources: [{ address: "thing.b", provisioners: [{ type: "local-exec" }] }] } },
      },
    },
  };
  const changes = [{ address: 'module.a["k"].thing.b[3]', actions: ["update"], before: {}, after: {} }];
  expect(rules(planOf(changes, { configuration }))).toEqual(["provisioner"]);
  expect(rules(planOf(changes))).toEqual([]);
});

test("the plan of a removed policy that Terraform wrote closes flows", () => {
  const verdict = judge(recorded("platform"));
  expect(verdict.refused.filter(({ rule }) => rule === "must-live-flow").length).toBeGreaterThan(5);
  expect(verdict.flows?.opened).toEqual([]);
  expect(verdict.flows?.closed.length).toBeGreaterThan(0);
});
