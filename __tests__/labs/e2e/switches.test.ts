import { expect, test } from "vitest";
import { isSwitch, throwSwitches, withoutUpstream } from "../../../labs/e2e/switches.ts";

const release = { chart: "cilium" };
const policy = {
  yaml_body: "{}",
  force_conflicts: true,
  depends_on: ["helm_release.cilium", "kubernetes_namespace_v1.media"],
  lifecycle: { prevent_destroy: true },
};
const stack = (more: object = {}) => ({
  resource: { helm_release: { cilium: release }, kubectl_manifest: { policy: { ...policy, ...more } } },
  terraform: { backend: { s3: { bucket: "b", use_lockfile: true } }, required_version: ">= 1.11.0" },
});
const changed = (...names: Parameters<typeof throwSwitches>[1]) => throwSwitches(stack(), names);
const changedPolicy = (...names: Parameters<typeof throwSwitches>[1]) =>
  changed(...names).resource?.kubectl_manifest?.policy;

test("without switches nothing changes", () => {
  expect(changed()).toEqual(stack());
});

test("charts go, and so does what waits for them", () => {
  const result = changed("without-charts");
  expect(Object.keys(result.resource ?? {})).toEqual(["kubectl_manifest"]);
  expect(result.resource?.kubectl_manifest?.policy).toEqual({
    ...policy,
    depends_on: ["kubernetes_namespace_v1.media"],
  });
});

test("refuses to leave out a chart that something reads", () => {
  const reader = stack({ override_namespace: "${helm_release.cilium.namespace}" });
  expect(() => throwSwitches(reader, ["without-charts"])).toThrow(
    "resource.kubectl_manifest.policy.override_namespace: reads a release, which this run leaves out",
  );
});

test("protection goes, other settings of the lifecycle stay", () => {
  expect(changedPolicy("without-protection")).not.toHaveProperty("lifecycle");
  const both = { lifecycle: { prevent_destroy: true, ignore_changes: ["x"] } };
  expect(
    throwSwitches(stack(both), ["without-protection"]).resource?.kubectl_manifest?.policy?.lifecycle,
  ).toEqual({ ignore_changes: ["x"] });
});

test("waiting is cut short in data sources and providers", () => {
  const patient = {
    data: { http: { ready: { url: "https://192.0.2.1", retry: { attempts: 60, min_delay_ms: 10_000 } } } },
    provider: { kubectl: [{ apply_retry_count: 15 }], helm: [{ kubernetes: {} }] },
  };
  expect(throwSwitches(patient, ["impatient"])).toMatchObject({
    data: { http: { ready: { retry: { attempts: 1, min_delay_ms: 10_000 } } } },
    provider: { kubectl: [{ apply_retry_count: 1 }], helm: [{ kubernetes: {} }] },
  });
});

test("faults take away the lock and the force", () => {
  expect(changed("without-lock").terraform).toEqual({
    backend: { s3: { bucket: "b" } },
    required_version: ">= 1.11.0",
  });
  expect(changedPolicy("without-force")).not.toHaveProperty("force_conflicts");
});

test("knows its names", () => {
  expect(isSwitch("without-charts")).toBe(true);
  expect(isSwitch("toString")).toBe(false);
});

test("no stack waits for machines; the order of the others stays", () => {
  const manifest = {
    version: "0.21.0",
    stacks: {
      "dev-platform": { name: "dev-platform", dependencies: ["dev-cluster", "dev-backup"] },
      "dev-apps": { name: "dev-apps", dependencies: ["dev-platform", "dev-cluster"] },
    },
  };
  expect(withoutUpstream(manifest)).toEqual({
    version: "0.21.0",
    stacks: {
      "dev-platform": { name: "dev-platform", dependencies: [] },
      "dev-apps": { name: "dev-apps", dependencies: ["dev-platform"] },
    },
  });
});
