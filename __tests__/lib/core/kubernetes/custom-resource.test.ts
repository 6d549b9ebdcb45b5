import { CiliumLoadBalancerIPPool } from "@kubernetes-models/cilium/cilium.io/v2/CiliumLoadBalancerIPPool";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CustomResource } from "../../../../lib/core/kubernetes/custom-resource.ts";
import { KubectlProvider } from "../../../../lib/core/providers/kubectl/provider.ts";
import { onlyResource, synth } from "../../../synth.ts";

const withProvider = (build: Parameters<typeof synth>[0]) =>
  synth((stack) => {
    new KubectlProvider(stack, "kubectl", {
      host: "https://192.0.2.1:6443",
      clusterCaCertificate: "ca",
      clientCertificate: "cert",
      clientKey: "key",
    });
    build(stack);
  });

const pool = (blocks: { start: string; stop: string }[]) =>
  new CiliumLoadBalancerIPPool({ metadata: { name: "pool" }, spec: { blocks } });

test("is applied server-side, as YAML", () => {
  const stack = withProvider((s) => {
    new CustomResource(s, "pool", { object: pool([{ start: "192.0.2.10", stop: "192.0.2.20" }]) });
  });
  const manifest = onlyResource(stack, "kubectl_manifest");
  expect(manifest).toMatchObject({ server_side_apply: true, field_manager: "homelab" });
  expect(parse(manifest.yaml_body as string)).toEqual({
    apiVersion: "cilium.io/v2",
    kind: "CiliumLoadBalancerIPPool",
    metadata: { name: "pool" },
    spec: { blocks: [{ start: "192.0.2.10", stop: "192.0.2.20" }] },
  });
});

test("refuses what the schema refuses, with the path", () => {
  const broken = new CiliumLoadBalancerIPPool({
    metadata: { name: "pool" },
    spec: { allowFirstLastIPs: "Maybe" as "Yes" },
  });
  expect(() => withProvider((s) => new CustomResource(s, "pool", { object: broken }))).toThrow(
    /CiliumLoadBalancerIPPool pool: .*allowFirstLastIPs/,
  );
});

test("refuses an object without a name", () => {
  expect(() =>
    withProvider((s) => new CustomResource(s, "x", { object: { apiVersion: "v1", kind: "Thing" } })),
  ).toThrow("Thing (no name): metadata.name: required, but missing");
});

test("preventDestroy reaches the lifecycle", () => {
  const stack = withProvider((s) => {
    new CustomResource(s, "pool", { object: pool([]), preventDestroy: true });
  });
  expect(onlyResource(stack, "kubectl_manifest")).toMatchObject({ lifecycle: { prevent_destroy: true } });
});

test("takes another manager's fields only when told to", () => {
  const forced = (forceConflicts?: boolean) =>
    onlyResource(
      withProvider((s) => {
        new CustomResource(s, "pool", { object: pool([]), ...(forceConflicts && { forceConflicts }) });
      }),
      "kubectl_manifest",
    ).force_conflicts;
  expect(forced()).toBeUndefined();
  expect(forced(true)).toBe(true);
});
