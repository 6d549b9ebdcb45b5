/** Effects of a change of one machine on the others: two syntheses, compared block by block. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TalosClusterProps } from "../../../lib/talos/talos-cluster.ts";
import type { SynthesizedStack } from "../../synth.ts";
import { cluster, clusters, node, synthCluster } from "./clusters.ts";

/** Every resource and data source by its address. */
const blocks = ({ resource = {}, data = {} }: SynthesizedStack): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ resource, data }).flatMap(([kind, types]) =>
      Object.entries(types).flatMap(([type, named]) =>
        Object.entries(named).map(([name, block]) => [`${kind}.${type}.${name}`, block]),
      ),
    ),
  );

/** Addresses that are only on one side or differ, in order. */
const changes = (before: TalosClusterProps, after: TalosClusterProps): string[] => {
  const [old, now] = [blocks(synthCluster(before)), blocks(synthCluster(after))];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((address) => JSON.stringify(old[address]) !== JSON.stringify(now[address]))
    .toSorted();
};

const TALOSCONFIG = "data.talos_client_configuration.cluster";
const machine = (name: string): string[] => [
  `data.talos_machine_configuration.node_${name}`,
  `resource.talos_machine_configuration_apply.node_${name}`,
];

const props = cluster();
const without = (name: string) => props.nodes.filter((candidate) => candidate.name !== name);

test("the same cluster twice is the same text", () => {
  expect(JSON.stringify(synthCluster(props))).toBe(JSON.stringify(synthCluster(cluster())));
});

describe("touches that machine only", () => {
  test("adding a worker", () => {
    const nodes = [...props.nodes, node("dora", 166, { role: "worker" })];
    expect(changes(props, { ...props, nodes })).toEqual(machine("dora"));
  });

  test("adding control planes, which talosctl learns of", () => {
    const nodes = [node("aura", 166), ...props.nodes, node("zoe", 167)];
    expect(changes(props, { ...props, nodes })).toEqual(
      [TALOSCONFIG, ...machine("aura"), ...machine("zoe")].toSorted(),
    );
  });

  test("removing a worker", () => {
    expect(changes(props, { ...props, nodes: without("daisy") })).toEqual(machine("daisy"));
  });

  test("renaming a worker", () => {
    const nodes = [...without("daisy"), node("dora", 165, { role: "worker" })];
    expect(changes(props, { ...props, nodes })).toEqual([...machine("daisy"), ...machine("dora")].toSorted());
  });

  test("not even that: another order of the list", () => {
    expect(changes(props, { ...props, nodes: props.nodes.toReversed() })).toEqual([]);
  });

  test("the move into and out of maintenance mode, whose addresses in the state stay", () => {
    expect(changes(props, { ...props, maintenanceNodes: ["daisy", "diva"] })).toEqual([
      "resource.talos_machine_configuration_apply.node_daisy",
      "resource.talos_machine_configuration_apply.node_diva",
    ]);
  });
});

test("naming another bootstrap node changes where to ask, and no machine", () => {
  expect(changes(props, { ...props, bootstrapNode: "diva" })).toEqual([
    "resource.talos_cluster_kubeconfig.cluster",
    "resource.talos_machine_bootstrap.cluster",
  ]);
});

test("removing any one machine of any cluster, except the bootstrap node, touches that machine only", () => {
  fc.assert(
    fc.property(clusters, fc.nat(), (before, seed) => {
      const removable = before.nodes.filter(({ name }) => name !== before.bootstrapNode);
      const gone = removable[seed % removable.length];
      if (!gone) throw new Error("a cluster of one machine");
      const after = { ...before, nodes: before.nodes.filter((candidate) => candidate !== gone) };
      const talosconfig = gone.role === "controlplane" ? [TALOSCONFIG] : [];
      expect(changes(before, after)).toEqual([...talosconfig, ...machine(gone.name)].toSorted());
    }),
    { numRuns: 25 },
  );
});

test("every address in the state is a name that Terraform accepts, whatever the machines are called", () => {
  fc.assert(
    fc.property(clusters, (generated) => {
      for (const address of Object.keys(blocks(synthCluster(generated)))) {
        expect(address).toMatch(/^(resource|data)\.[a-z_]+\.[a-zA-Z_][\w-]*$/);
      }
    }),
    { numRuns: 25 },
  );
});
