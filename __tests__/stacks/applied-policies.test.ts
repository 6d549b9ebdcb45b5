import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Release } from "@cdktf/provider-helm/lib/release/index.js";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest/index.js";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1/index.js";
import type { IConstruct } from "constructs";
import { describe, expect, test } from "vitest";
import type { EnvironmentInput } from "../../environments/schema.ts";
import { CustomResource } from "../../lib/core/kubernetes/custom-resource.ts";
import { KubectlManifest } from "../../lib/core/providers/kubectl/manifest.ts";
import { synthesize } from "../../lib/core/synthesis/synthesize.ts";
import { defaultDenyPolicy } from "../../lib/network/default-deny.ts";
import { addEnvironment } from "../../stacks/homelab-environment.ts";
import { chartsWhereTheyAreCurrent, environments, withoutPrivilegedApps } from "./homelab.ts";

const NODES_ENFORCED = { mode: "enforce", managementCidrs: ["192.168.1.0/24"] } as const;

/** Why prod is refused when a construct is added to one of its stacks; empty when it is not. */
const refusal = (
  stack: "platform" | "apps",
  add: (scope: IConstruct) => unknown,
  change: (input: EnvironmentInput) => void = () => {},
): string => {
  const [prod] = environments((input) => {
    withoutPrivilegedApps(input);
    change(input);
  }).filter(({ name }) => name === "prod");
  if (!prod) throw new Error("no prod");
  const outdir = mkdtempSync(join(tmpdir(), "applied-"));
  try {
    synthesize((app) => {
      addEnvironment(app, prod, { maintenanceNodes: [], stagedNodes: [] }, [], [], chartsWhereTheyAreCurrent);
      add(app.node.findChild(`prod-${stack}`));
    }, outdir);
    return "";
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const policy = (name: string, spec: object, kind = "CiliumClusterwideNetworkPolicy", namespace?: string) => ({
  apiVersion: kind === "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2",
  kind,
  metadata: { name, ...(namespace && { namespace }) },
  spec,
});

const everyPod = { matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }] };
const opensAll = { endpointSelector: everyPod, ingress: [{ fromEntities: ["all"] }] };
const closesDns = {
  endpointSelector: everyPod,
  enableDefaultDeny: { egress: false },
  egressDeny: [{ toPorts: [{ ports: [{ port: "53", protocol: "ANY" }] }] }],
};
const resource = (object: object) => (scope: IConstruct) =>
  new CustomResource(scope, "stranger", { object: object as never });
const manifest = (yamlBody: string) => (scope: IConstruct) =>
  new KubectlManifest(scope, "stranger", { yamlBody });

test.each(["platform", "apps"] as const)("a policy of any construct in %s is proved", (stack) => {
  expect(refusal(stack, resource(policy("stranger", closesDns)))).toMatch(
    /must live: .*denied by CiliumClusterwideNetworkPolicy stranger/,
  );
});

test("what a stranger opens is refused with its name", () => {
  expect(refusal("platform", resource(policy("stranger", opensAll)))).toMatch(
    /must die: internet → pod: .*CiliumClusterwideNetworkPolicy stranger/,
  );
});

test("a raw manifest counts, with the policies of Kubernetes too", () => {
  const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] };
  const text = JSON.stringify(policy("open", spec, "NetworkPolicy", "argocd"));
  expect(refusal("apps", manifest(text))).toMatch(/is open: .*NetworkPolicy argocd\/open/);
});

test("an object that is no policy is left alone", () => {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "argocd" } };
  expect(refusal("apps", manifest(JSON.stringify(object)))).toBe("");
});

test("a policy that is not known at synth is refused", () => {
  const text = JSON.stringify(policy("later-$" + "{var.name}", opensAll));
  expect(refusal("apps", manifest(text))).toContain("stranger: a network policy must be known at synth");
  expect(refusal("apps", manifest("$" + "{var.manifest}"))).toContain("stranger: must be known at synth");
});

test("a policy in a form that nobody reads is refused", () => {
  const spec = { podSelector: {}, policyTypes: ["Ingress"] };
  const typed = (scope: IConstruct) =>
    new NetworkPolicyV1(scope, "stranger", { metadata: { name: "a", namespace: "argocd" }, spec });
  expect(refusal("platform", typed)).toContain("must be a CustomResource");
  const untyped = (scope: IConstruct) => new Manifest(scope, "stranger", { manifest: policy("a", opensAll) });
  expect(refusal("platform", untyped)).not.toBe("");
});

test("a policy that takes the name of another is refused", () => {
  expect(refusal("apps", resource(policy("platform-default-deny", opensAll)))).toMatch(
    /CiliumClusterwideNetworkPolicy platform-default-deny: .* would overwrite/,
  );
});

test("a policy for nodes does nothing without the host firewall, and that is said", () => {
  const spec = { nodeSelector: {}, ingressDeny: [{ fromEntities: ["world"] }] };
  expect(refusal("platform", resource(policy("nodes", spec)))).toMatch(
    /nodes spec.*selects none of the hosts/,
  );
});

test("the platform lives under host policies; a stranger's deny does not pass", () => {
  const enforced = (input: EnvironmentInput) => {
    input.networkPolicy = { ...input.networkPolicy, mode: "enforce", nodes: NODES_ENFORCED } as never;
  };
  expect(refusal("platform", () => {}, enforced)).toBe("");
  const spec = { nodeSelector: {}, ingressDeny: [{ fromEndpoints: [everyPod] }] };
  expect(refusal("platform", resource(policy("nodes", spec)), enforced)).toMatch(
    /with host policies: must live: .*CiliumClusterwideNetworkPolicy nodes/,
  );
});

test("a default deny that is never sent is missed", () => {
  const unsent = (scope: IConstruct) => {
    const network = scope.node.findChild("network");
    network.node.tryRemoveChild("default-deny");
  };
  expect(refusal("platform", unsent)).toContain("mode enforce: no stack applies platform-default-deny");
});

test("an allowance that is never sent is missed, though its construct knows it", () => {
  const unsent = (scope: IConstruct) => {
    scope.node.findChild("network").node.tryRemoveChild("platform-dns");
  };
  expect(refusal("platform", unsent)).toMatch(
    /must live: DNS: .*no stack applies the allowance platform-dns/,
  );
});

test.each([
  ["count", 0],
  ["override_namespace", "tools"],
  ["lifecycle.ignore_changes", ["yaml_body"]],
])("a policy with %s is refused: less is applied than is written", (argument, value) => {
  const halved = (scope: IConstruct) => {
    const deny = scope.node.findChild("network").node.findChild("default-deny") as CustomResource;
    deny.resource.addOverride(argument, value);
  };
  expect(refusal("platform", halved)).toContain(
    `prod-platform/network/default-deny/manifest: a network policy must be applied as it is written: got ${argument}`,
  );
});

test("kinds that no verdict was compared for are unknown", () => {
  const admin = {
    apiVersion: "policy.networking.k8s.io/v1alpha1",
    kind: "AdminNetworkPolicy",
    metadata: { name: "a" },
  };
  expect(refusal("apps", manifest(JSON.stringify(admin)))).toContain(
    "unknown: no verdict of Cilium was ever compared for AdminNetworkPolicy",
  );
});

describe("the proof knows the mode that runs", () => {
  const flips = {
    endpointSelector: everyPod,
    egressDeny: [{ toCIDR: ["169.254.169.254/32"] }],
  };
  const inMode = (mode: "off" | "audit") => (input: EnvironmentInput) => {
    input.networkPolicy.mode = mode;
    if (input.name === "prod")
      input.acceptedRisks.push({
        id: `network-policy-${mode}`,
        reason: "for a test of modes",
        acceptedBy: "owner",
        on: "2026-05-01",
        reviewBy: "2027-06-30",
      });
  };

  test.each(["off", "audit"] as const)("%s: a policy that begins default deny by itself", (mode) => {
    expect(refusal("platform", () => {}, inMode(mode))).toBe("");
    expect(refusal("platform", resource(policy("stranger", flips)), inMode(mode))).toMatch(
      new RegExp(`while the mode is ${mode}: silent-default-deny: CiliumClusterwideNetworkPolicy stranger`),
    );
  });

  test("a release that only audits what is to be enforced", () => {
    const audits = (scope: IConstruct) => {
      const release = scope.node.findAll().find(({ node }) => node.path.endsWith("cilium/release"));
      (release as Release).values = ["policyAuditMode: true"];
    };
    expect(refusal("platform", audits)).toContain(
      "mode enforce: Cilium's policyAuditMode must be false: got true",
    );
  });
});

describe("a misplaced line is told on one screen, with the whole list in a file", () => {
  const flipped = (scope: IConstruct) => {
    const { resource } = scope.node.findChild("network").node.findChild("default-deny") as CustomResource;
    const off = { ingress: false, egress: false };
    const specs = (defaultDenyPolicy().specs ?? []).map((spec) => ({ ...spec, enableDefaultDeny: off }));
    resource.addOverride("yaml_body", JSON.stringify({ ...defaultDenyPolicy(), specs }));
  };

  test.each([
    ["default deny that denies nothing", flipped],
    ["all to all", resource(policy("stranger", { ...opensAll, egress: [{ toEntities: ["all"] }] }))],
    ["no DNS", resource(policy("stranger", closesDns))],
  ])("%s", (_, add) => {
    const lines = refusal("platform", add).split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(2_000);
    expect(lines.at(-1)).toMatch(/all \d+ are in .+problems.txt$/);
  });
});
