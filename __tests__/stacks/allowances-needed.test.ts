import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "cdktf";
import { describe, expect, test } from "vitest";
import { apps } from "../../apps/index.ts";
import type { EnvironmentInput } from "../../environments/schema.ts";
import { fieldsOf, textOf } from "../../lib/core/fields.ts";
import { synthesize } from "../../lib/core/synthesis/synthesize.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { NetworkProof } from "../../lib/proofs/network/network-proof.ts";
import { addEnvironment } from "../../stacks/homelab-environment.ts";
import { chartsWhereTheyAreCurrent, environments } from "./homelab.ts";

/** Everything that can be asked for is asked for: a second backup, every profile, an exception, nodes under policy. */
const asking = (input: EnvironmentInput): void => {
  if (input.backup)
    input.backup.copy = { bucket: `copy-of-${input.name}`, region: "eu-west-1", endpoint: null };
  input.assumptions = input.assumptions.filter(({ path }) => path !== "backup.copy");
  const [first] = input.namespaces;
  if (first) first.profiles = ["web", "internet", "monitored", "neighbours", "kubernetes-api"];
  const exception = {
    name: "printer",
    reason: "The printer pushes its scans.",
    reviewBy: "2027-06-30",
    from: { cidr: "192.168.1.5/32" },
    to: { namespace: "tools" },
    ports: [{ protocol: "TCP" as const, port: 8000 }],
  };
  input.networkPolicy = {
    mode: input.name === "prod" ? "enforce" : "audit",
    exceptions: [exception],
    nodes: { mode: input.name === "prod" ? "enforce" : "audit", managementCidrs: ["192.168.0.0/24"] },
  };
};

let app: App | undefined;
const outdir = mkdtempSync(join(tmpdir(), "needed-"));
const stacks = synthesize((made) => {
  app = made;
  for (const environment of environments(asking).filter(({ name }) => name === "prod"))
    addEnvironment(
      made,
      environment,
      { maintenanceNodes: [], stagedNodes: [] },
      [],
      apps,
      chartsWhereTheyAreCurrent,
    );
}, outdir);
rmSync(outdir, { recursive: true });

const proofs = (app?.node.findAll() ?? []).filter((construct) => construct instanceof NetworkProof);

const policyName = (body: unknown): string | undefined => {
  const { kind, metadata } = fieldsOf(JSON.parse(textOf(body)));
  return kind === "CiliumClusterwideNetworkPolicy" ? textOf(fieldsOf(metadata).name) : undefined;
};

/** Every policy that the stacks of an environment apply, with where it stands. */
const policiesOf = (environment: string) =>
  stacks
    .filter(({ name }) => name.startsWith(`${environment}-`))
    .flatMap(({ name: stack, json }) =>
      Object.entries(json.resource?.kubectl_manifest ?? {}).flatMap(([id, { yaml_body }]) => {
        const name = policyName(yaml_body);
        return name === undefined ? [] : [{ name, stack, id }];
      }),
    );

const without = (stack: string, id: string): Map<string, TerraformJson> =>
  new Map(
    stacks.map(({ name, json }) => {
      if (name !== stack) return [name, json];
      const { [id]: _, ...kept } = json.resource?.kubectl_manifest ?? {};
      return [name, { ...json, resource: { ...json.resource, kubectl_manifest: kept } }];
    }),
  );

// What is asked for is the same in dev; each removal proves the whole network again.
describe.each(["prod"])("removing any allowance of %s fails and names it", (environment) => {
  const proof = proofs.find(({ node }) => node.path.startsWith(`${environment}-`));
  const policies = policiesOf(environment);

  test("nothing is wrong while all are there", () => {
    expect(policies.length).toBeGreaterThan(20);
    expect(policies.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "platform-dns",
        "platform-etcd-backup-copy",
        "argocd-charts",
        "exception-printer",
        "profile-auth",
        "app-whoami",
        "platform-host-kubelet",
      ]),
    );
    expect(proof?.problemsOf(new Map(stacks.map(({ name, json }) => [name, json])))).toEqual([]);
  });

  test.each(policies.map((policy) => [policy.name, policy] as const))("%s", (name, { stack, id }) => {
    const problems = proof?.problemsOf(without(stack, id)) ?? [];
    const named = problems.filter(
      ({ text }) => /must live|no stack applies/.test(text) && text.includes(name),
    );
    expect(named.length).toBeGreaterThan(0);
  });
});
