import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OutputError, readNetwork, readNetworks } from "../../../operations/reach/synthesized.ts";
import { ccnp, cnp, defaultDeny, inDirectory, type LabStack, networkOf, writeOutput } from "./lab.ts";

const read = (stacks: Readonly<Record<string, LabStack>>) =>
  inDirectory((directory) => readNetworks(writeOutput(directory, stacks)));

describe("an output", () => {
  test("holds the policies of the platform and of the apps, by environment", () => {
    const networks = read({
      "prod-platform": { policies: [defaultDeny] },
      "prod-apps": { policies: [cnp("media", "jellyfin", { endpointSelector: {}, ingress: [{}] })] },
      "prod-cluster": { policies: [ccnp("elsewhere", {})] },
      "dev-platform": {},
    });
    expect([...networks.keys()]).toEqual(["dev", "prod"]);
    expect(networks.get("dev")?.policies).toEqual([]);
    expect(networks.get("prod")?.stacks).toEqual(["prod-apps", "prod-platform"]);
    expect(networks.get("prod")?.policies).toMatchObject([
      { metadata: { name: "jellyfin" } },
      { metadata: { name: "deny" } },
    ]);
  });

  test("is read as YAML, and only its policies are taken", () => {
    const document =
      "kind: ConfigMap\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n";
    expect(networkOf({ manifests: [document, "just text", "${some.reference}"] }).policies).toEqual([
      { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "a" } },
    ]);
  });

  test("tells how the agent runs", () => {
    const off = networkOf({ cilium: { policyAuditMode: false } });
    expect(off).toMatchObject({ audit: false, settings: { ciliumVersion: "1.18.3" } });
    expect(off.settings).not.toHaveProperty("hostFirewall");
    expect(networkOf({ cilium: { policyAuditMode: true, hostFirewall: { enabled: true } } })).toMatchObject({
      audit: true,
      settings: { hostFirewall: true },
    });
    expect(networkOf({}).settings).toEqual({});
  });

  test("tells namespaces with labels, the repository and the backup's storage", () => {
    const application = JSON.stringify({
      kind: "Application",
      metadata: { name: "vixens-app-of-apps" },
      spec: { source: { repoURL: "https://git.example.org/lab.git" } },
    });
    const env = [{ name: "CUSTOM_S3_ENDPOINT", value: "http://192.0.2.9:9000" }];
    const network = networkOf({
      namespaces: { media: { team: "home" } },
      manifests: [application],
      resources: { kubernetes_cron_job_v1: { backup: { spec: [{ container: [{ env }] }] } } },
    });
    expect(network.namespaces).toEqual(new Map([["media", { team: "home" }]]));
    expect(`${network.repository}`).toBe("https://git.example.org/lab.git");
    expect(`${network.backupEndpoint}`).toBe("http://192.0.2.9:9000");
  });
});

test("an output tells the pods of its workloads", () => {
  const template = (labels: object) => ({ template: [{ metadata: [{ labels }] }] });
  const deployment = {
    kind: "Deployment",
    metadata: { name: "b", namespace: "media" },
    spec: { template: { metadata: { labels: { app: "b" } } } },
  };
  const network = networkOf({
    manifests: [JSON.stringify(deployment)],
    resources: {
      kubernetes_deployment_v1: { a: { metadata: [{ namespace: "apps" }], spec: [template({ app: "a" })] } },
      kubernetes_cron_job_v1: {
        c: { metadata: { namespace: "jobs" }, spec: { job_template: { spec: template({ app: "c" }) } } },
        d: {
          metadata: { namespace: "jobs" },
          spec: { job_template: { spec: template({ app: "${var.d}" }) } },
        },
      },
    },
  });
  expect(network.pods).toEqual([
    { namespace: "apps", labels: { app: "a" } },
    { namespace: "jobs", labels: { app: "c" } },
    { namespace: "media", labels: { app: "b" } },
  ]);
});

describe("what Terraform escapes or computes", () => {
  const withName = (matchName: string) =>
    ccnp("names", { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName }] }] });

  test("an escaped expression is text", () => {
    expect(JSON.stringify(networkOf({ policies: [withName("$${a}")] }).policies)).toContain('"${a}"');
  });

  test("a policy with an expression is refused, with its place", () => {
    expect(() => networkOf({ policies: [withName("${var.name}")] })).toThrow(
      "lab-platform: kubectl_manifest.r0: a policy must be known before the apply: it holds an expression",
    );
  });
});

describe("refuses", () => {
  test("a directory that cdktf did not write, and says how to make one", () => {
    inDirectory((directory) => {
      expect(() => readNetworks(directory)).toThrow(OutputError);
      expect(() => readNetworks(directory)).toThrow(/it has no stacks; make it with: npm run synth/);
    });
  });

  test("one without a stack of a cluster", () => {
    expect(() => read({ "prod-cluster": {} })).toThrow("must hold a stack <environment>-platform or -apps");
  });

  test("an environment that is not there, with those that are", () => {
    inDirectory((directory) => {
      const output = writeOutput(directory, { "prod-platform": {}, "dev-apps": {} });
      expect(() => readNetwork(output, "stage")).toThrow(
        /must hold the environment stage: it holds dev, prod;/,
      );
    });
  });

  test("a stack that is no JSON", () => {
    inDirectory((directory) => {
      const output = writeOutput(directory, { "prod-platform": {} });
      writeFileSync(join(output, "stacks", "prod-platform", "cdk.tf.json"), "{");
      expect(() => readNetworks(output)).toThrow(/prod-platform\/cdk\.tf\.json: must be JSON/);
    });
  });
});

test.each([
  ["kubernetes_network_policy_v1", { metadata: { name: "a" } }],
  ["kubernetes_network_policy", { metadata: { name: "a" } }],
  ["kubernetes_manifest", { manifest: { kind: "CiliumNetworkPolicy" } }],
])("a policy as a %s would be left out, and is refused", (type, block) => {
  expect(() => networkOf({ resources: { [type]: { stranger: block } } })).toThrow(
    `lab-platform: ${type}.stranger: a policy must be a kubectl_manifest`,
  );
});

test("a manifest that is no YAML is refused with its address", () => {
  expect(() => networkOf({ manifests: ["a: [b"] })).toThrow(OutputError);
  expect(() => networkOf({ manifests: ["a: [b"] })).toThrow("kubectl_manifest.r0: yaml_body: must be YAML");
});
