import { describe, expect, test } from "vitest";
import { SynthesisError } from "../../../lib/core/synthesis/synthesize.ts";
import { InterfaceAddress } from "../../../lib/core/values/interface-address.ts";
import { machinesOf } from "../../../lib/talos/machines.ts";
import { cluster, node } from "./clusters.ts";

const problems = (...args: Parameters<typeof cluster>): string[] => {
  try {
    machinesOf(cluster(...args));
    return [];
  } catch (error) {
    if (!(error instanceof SynthesisError)) throw error;
    return [...error.problems];
  }
};

test("a machine is reached on the cluster VLAN, and is not restarted", () => {
  expect(machinesOf(cluster()).get("daphne")).toMatchObject({
    clusterAddress: "192.168.111.162",
    reachedAt: "192.168.111.162",
    applyMode: "no_reboot",
    installImage:
      "factory.talos.dev/metal-installer/613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245:v1.12.4",
  });
});

test("a machine in maintenance mode is reached at its address there", () => {
  const machines = machinesOf(cluster({ maintenanceNodes: ["daphne"] }));
  expect(machines.get("daphne")).toMatchObject({
    clusterAddress: "192.168.111.162",
    reachedAt: "192.168.0.162",
    applyMode: "auto",
  });
  expect(machines.get("diva")).toEqual(machinesOf(cluster()).get("diva"));
});

test("a staged machine keeps its address", () => {
  const machines = machinesOf(cluster({ stagedNodes: ["diva"] }));
  expect(machines.get("diva")).toMatchObject({ reachedAt: "192.168.111.164", applyMode: "staged" });
  expect(machines.get("daphne")).toEqual(machinesOf(cluster()).get("daphne"));
});

describe("refuses", () => {
  test.each(["daisy", "nobody", ""])("a bootstrap node that is no control plane: %j", (bootstrapNode) => {
    expect(problems({ bootstrapNode })).toEqual([
      `bootstrapNode: must name a control plane: got ${JSON.stringify(bootstrapNode)}`,
    ]);
  });

  test("an unknown node in maintenance or staged", () => {
    expect(problems({ maintenanceNodes: ["daphne", "dafne"], stagedNodes: ["x"] })).toEqual([
      'maintenanceNodes: must name nodes of the cluster, daphne, diva, dulce, daisy: got "dafne"',
      'stagedNodes: must name nodes of the cluster, daphne, diva, dulce, daisy: got "x"',
    ]);
  });

  test("a node in maintenance that is staged too", () => {
    expect(problems({ maintenanceNodes: ["diva"], stagedNodes: ["diva"] })).toEqual([
      'stagedNodes: a node in maintenance mode cannot stage: got "diva"',
    ]);
  });

  test("a node in maintenance whose address there is unknown, but only then", () => {
    const nodes = [node("daphne", 162, { maintenanceAddress: null })];
    expect(problems({ nodes })).toEqual([]);
    expect(problems({ nodes, maintenanceNodes: ["daphne"] })).toEqual([
      "nodes.daphne.maintenanceAddress: must be known to reach the node in maintenance mode: got null",
    ]);
  });

  test("an unknown schematic, even one that every object has", () => {
    for (const schematic of ["physical", "constructor"]) {
      expect(problems({ nodes: [node("daphne", 162, { schematic })] })).toEqual([
        `nodes.daphne.schematic: must name a schematic, virtual: got "${schematic}"`,
      ]);
    }
  });

  test("no address in the cluster subnet, or two", () => {
    const services = { id: 208, address: InterfaceAddress.parse("192.168.208.162/24") };
    const first = { id: 111, address: InterfaceAddress.parse("192.168.111.162/24") };
    const second = { id: 112, address: InterfaceAddress.parse("192.168.111.163/24") };
    const refused = (got: string) => [
      `nodes.daphne.vlans: must have one address in the cluster subnet 192.168.111.0/24: got ${got}`,
    ];
    expect(problems({ nodes: [node("daphne", 162, { vlans: [services] })] })).toEqual(
      refused('["192.168.208.162/24"]'),
    );
    expect(problems({ nodes: [node("daphne", 162, { vlans: [first, second] })] })).toEqual(
      refused('["192.168.111.162/24","192.168.111.163/24"]'),
    );
  });

  test("two nodes of one name", () => {
    expect(problems({ nodes: [node("daphne", 162), node("daphne", 163)] })).toEqual([
      'nodes: a name must be there once: got "daphne" several times',
    ]);
  });

  test.each(["v1.8.4", "v1.15.0", "v1.13.0-rc.0", "v1.12", "latest", ""])("Talos %j", (talosVersion) => {
    expect(problems({ talosVersion })).toEqual([
      `talosVersion: must be an exact version >=1.9.0 <1.15.0: got ${JSON.stringify(talosVersion)}`,
    ]);
  });

  test("everything at once", () => {
    expect(
      problems({
        talosVersion: "v1.15.0",
        bootstrapNode: "x",
        nodes: [node("daphne", 162, { schematic: "y" })],
        maintenanceNodes: ["z"],
      }),
    ).toHaveLength(4);
  });
});
