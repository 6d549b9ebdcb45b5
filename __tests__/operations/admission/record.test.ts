import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { effectOf } from "../../../environments/recorded/admission.ts";
import { recordAdmission } from "../../../operations/admission/record.ts";

const checkout = mkdtempSync(join(tmpdir(), "gitops-"));
afterAll(() => rmSync(checkout, { recursive: true }));

const write = (file: string, object: unknown): void => {
  mkdirSync(dirname(join(checkout, file)), { recursive: true });
  writeFileSync(join(checkout, file), stringify(object));
};
const policy = (name: string, rule: object) => ({
  apiVersion: "kyverno.io/v1",
  kind: "ClusterPolicy",
  metadata: { name },
  spec: { rules: [{ name: "one", match: { any: [{ resources: { kinds: ["Pod"] } }] }, ...rule }] },
});
const mutate = { patchStrategicMerge: { metadata: { labels: { "+(team)": "home" } } } };
const POLICIES = "apps/00-infra/kyverno/base/policies";

write(`${POLICIES}/a.yaml`, policy("a", { mutate }));
write(
  `${POLICIES}/b.yaml`,
  policy("b", {
    match: { all: [{ resources: { kinds: ["Pod"] } }, { resources: { operations: ["CREATE"] } }] },
    preconditions: { all: [{ key: "x", operator: "DurationLessThan", value: "1h" }] },
    mutate,
  }),
);
write(`${POLICIES}/kustomization.yaml`, { resources: ["a.yaml", "b.yaml"] });
write("argocd/overlays/prod/apps/kyverno.yaml", {});
write("apps/10-home/mesh/base/injector.yaml", {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "injector" },
});
const git = (...args: string[]) =>
  execFileSync("git", ["-C", checkout, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args]);
git("init", "-q");
git("add", ".");
git("commit", "-qm", "policies");
const { rules, elsewhere } = recordAdmission(checkout);

test("a rule that can be applied says what it does", () => {
  expect(rules[0]?.unread).toBeUndefined();
  expect(rules.map(effectOf)[0]).toBe('mutate Pod: {"metadata":{"labels":{"+(team)":"home"}}}');
});

test("a rule that cannot says what of it nobody reads", () => {
  expect(rules[1]?.unread).toBe(
    "several selections that must all hold, operations, operator DurationLessThan",
  );
});

test("what else rewrites objects is named with its file", () => {
  expect(elsewhere).toEqual(["MutatingWebhookConfiguration in apps/10-home/mesh/base/injector.yaml"]);
});
