/** Promises of the real environments: the rules do not fire on them, and each would. */
import { describe, expect, test } from "vitest";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { type EnvironmentInput, parseEnvironments } from "../../environments/schema.ts";
import { type Changes, linesOf, problems, TODAY } from "./lab.ts";

const ENVIRONMENTS: readonly [string, EnvironmentInput][] = [
  ["dev", dev],
  ["prod", prod],
];

const host = (address: string): string => address.split(/[./]/)[3] ?? "";

describe.each(ENVIRONMENTS)("%s", (_, input) => {
  // Those of privileged apps and moving images are asked for by the apps, and that of capacity by its proof.
  test("needs each risk that it accepts", () => {
    for (const { id } of input.acceptedRisks.filter(
      ({ id }) => !/^(privileged|floating-image|capacity|admission|foreign-domain)-/.test(id),
    )) {
      const others = input.acceptedRisks.filter((risk) => risk.id !== id);
      const lines = problems({ acceptedRisks: others }, input);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every((line) => line.endsWith(`(the accepted risk ${id} would silence this)`))).toBe(true);
    }
  });

  test("needs each assumption about what is unknown", () => {
    const lines = problems({ assumptions: [] }, input);
    expect(lines).toContain("backup.ageRecipients: must be known, or be covered by an assumption: got null");
  });

  test.each<[string, Changes]>([
    ["a control plane less", { nodes: input.nodes.slice(1) }],
    ["a node's address for the virtual IP", { "cluster.vip": host0(input) }],
    ["Kubernetes beyond Talos", { "versions.kubernetes": "v1.36.0" }],
    ["pods among the nodes", { "cluster.podSubnet": "192.168.0.0/16" }],
    ["an automatic address for ArgoCD", { "argocd.address": input.loadBalancer.automatic.start }],
  ])("is refused with %s", (__, changes) => {
    expect(problems(changes, input)).not.toEqual([]);
  });

  test("a node has the same last number on every VLAN", () => {
    for (const { vlans } of input.nodes) {
      expect(new Set(vlans.map(({ address }) => host(address))).size).toBe(1);
    }
  });
});

test("the two share no address, bucket or range, and would be refused if they did", () => {
  expect(linesOf(() => parseEnvironments([dev, prod], { today: TODAY }))).toEqual([]);
  const lines = linesOf(() => parseEnvironments([dev, { ...dev, name: "copy" }], { today: TODAY }));
  for (const field of [
    "cluster.vip",
    "state.bucket",
    "loadBalancer.static",
    "nodes.daphne.vlans.111.address",
  ]) {
    expect(lines.some((line) => line.startsWith(`copy.${field}: `))).toBe(true);
  }
});

function host0(input: EnvironmentInput): string {
  return input.nodes[0]?.vlans[0]?.address.split("/")[0] ?? "";
}
