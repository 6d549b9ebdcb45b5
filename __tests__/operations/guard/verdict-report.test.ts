import { expect, test } from "vitest";
import { readEtcdMembers, readQuotaUse } from "../../../operations/guard/evidence.ts";
import { markdownReport, summaryOf, textReport } from "../../../operations/guard/verdict-report.ts";
import { environment, judge, planOf, recorded, waiverOf } from "./plans.ts";
import { stackPlan } from "./real-plans.ts";

const namespace = {
  address: "kubernetes_namespace_v1.media",
  actions: ["delete"],
  before: { metadata: [{ name: "a|b`c\nd" }] },
};

const unfolded = (report: string) => report.replaceAll(/<details>.*?<\/details>/gs, "<details>").split("\n");

test("a comment begins with the verdict, then what is at risk, then flows; the rest is folded", () => {
  const report = markdownReport("dev-platform", judge(recorded("platform")));
  const lines = report.split("\n");
  expect(lines[0]).toBe("### ❌ dev-platform: refused");
  expect(lines[2]).toBe("**What changes:** 1 to change, 2 to destroy");
  const heads = lines.filter((line) => line.startsWith("**") || line.startsWith("<details"));
  expect(heads.map((head) => head.replace(/\*\*(.*)\*\*.*/, "$1"))).toEqual([
    "What changes:",
    "What to know",
    expect.stringMatching(/^Flows: 0 groups opened, \d+ groups? closed$/),
    expect.stringMatching(/^<details><summary>Refused: \d+ changes of \d+ resources</),
    expect.stringMatching(/^<details><summary>Changed by somebody else: \d+</),
    "<details><summary>Shown</summary>",
    "<details><summary>Resources</summary>",
  ]);
  expect(unfolded(report).length).toBeLessThan(25);
});

test("the worst plan is read in ten seconds, and each resource has one row", () => {
  const worst = markdownReport("dev-platform", judge(stackPlan("dev-platform", [[/./, "delete"]])));
  expect(unfolded(worst).length).toBeLessThanOrEqual(25);
  const resources = worst.split("\n").flatMap((line) => /^\| ❌ \| `([^`]+)`/.exec(line)?.[1] ?? []);
  expect(new Set(resources).size).toBe(resources.length);
  expect(worst).toMatch(/- \*\*[\w-]+\*\* `/);
});

test("a plan with more than a thousand refusals is as short, and says each advice once", () => {
  const members = Array.from({ length: 1122 }, (_, at) => ({
    address: `kubernetes_namespace_v1.n${at % 200}_${Math.floor(at / 200)}`,
    actions: ["delete"],
    before: { metadata: [{ name: `n${at}` }] },
  }));
  const verdict = judge(planOf([...members, { address: "thing.a", actions: ["create"], after: { b: 1 } }]));
  const report = markdownReport("prod-platform", verdict);
  expect(verdict.refused.length).toBeGreaterThanOrEqual(1122);
  expect(unfolded(report).length).toBeLessThanOrEqual(25);
  expect(unfolded(report).filter((line) => line.startsWith("- **"))).toEqual([
    expect.stringMatching(
      /^- \*\*namespace-or-claim\*\* `kubernetes_namespace_v1.n0_0` and 1121 more resources: /,
    ),
    expect.stringMatching(/^- \*\*unclassed\*\* `thing.a`: /),
  ]);
  for (const { cure } of verdict.refused) expect(report.split(cure)).toHaveLength(2);
  expect(report).toContain("more resources: the log of the run has them.");
  expect(report.length).toBeLessThan(60_000 / 4);
  expect(report.match(/<details>/g)?.length).toBe(report.match(/<\/details>/g)?.length);
});

test("a terminal is given the waiver to write, and none for what nothing waives", () => {
  const text = textReport("x", judge(planOf([namespace])));
  expect(text).toContain(
    'waiver: { rule: "namespace-or-claim", resource: "kubernetes_namespace_v1.media", path: "whole"',
  );
  const lost = { address: "talos_machine_secrets.cluster", actions: ["delete"], before: { a: 1 } };
  expect(textReport("x", judge(planOf([lost])))).not.toContain("waiver:");
});

test("nothing that stands in a plan breaks the table", () => {
  const report = markdownReport("x", judge(planOf([namespace])));
  const row = report.split("\n").find((line) => line.startsWith("| ❌")) ?? "";
  expect(row.replaceAll("\\|", "").split("|")).toHaveLength(7);
  expect(row).toContain("a\\|b'c d");
});

test("a plan without changes says so and passes", () => {
  const verdict = judge(planOf([]));
  expect(summaryOf(verdict)).toBe("nothing changes");
  expect(textReport("dev-apps", verdict)).toBe("dev-apps: passes: nothing changes");
  expect(markdownReport("dev-apps", verdict)).toContain("### ✅ dev-apps: passes the guard");
});

test("long lists are cut and counted, and losses come first", () => {
  const creates = Array.from({ length: 40 }, (_, index) => ({
    address: `thing.a${index}`,
    actions: ["create"],
    after: {},
  }));
  const text = textReport("x", judge(planOf([...creates, namespace])));
  expect(text).toContain("changes:\n  delete: kubernetes_namespace_v1.media\n  create: thing.a0");
  expect(text).toContain("… and 29 more");
});

test("what is waived stays on the page", () => {
  const waivers = judge(planOf([namespace])).refused.map((refusal) =>
    waiverOf(refusal, "Media moved elsewhere."),
  );
  const waived = judge(planOf([namespace]), {
    environment: environment((input) => Object.assign(input, { waivers })),
  });
  expect(markdownReport("x", waived)).toContain("waived until 2026-12-01: Media moved elsewhere.");
  expect(textReport("x", waived)).toContain("until 2026-12-01: Media moved elsewhere.");
});

test("etcd's members, by the column of their names", () => {
  const table = `NODE              ID                 HOSTNAME   PEER URLS                      LEARNER
192.168.111.162   2f3a1c0d9e8b7a65   daphne     https://192.168.111.162:2380   false
192.168.111.164   3f3a1c0d9e8b7a65   diva       https://192.168.111.164:2380   false
`;
  expect(readEtcdMembers(table)).toEqual(["daphne", "diva"]);
  expect(() => readEtcdMembers("error: connection refused")).toThrow("column HOSTNAME");
  expect(() => readEtcdMembers("NODE ID HOSTNAME")).toThrow("column HOSTNAME");
});

test("what quotas count", () => {
  const item = {
    metadata: { namespace: "media", name: "media" },
    status: { used: { "requests.cpu": "2", pods: 3 } },
  };
  expect(readQuotaUse(JSON.stringify({ items: [item] })).get("media/media")).toEqual({
    "requests.cpu": "2",
    pods: "3",
  });
  expect(() => readQuotaUse("{}")).toThrow("kubectl get resourcequota");
});
