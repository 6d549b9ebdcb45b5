import { expect, test } from "vitest";
import { lab, problems, type Refusal } from "../lab.ts";

const [ada, bea, cleo, dora] = lab().nodes;

test.each<Refusal>([
  [
    "two control planes",
    { nodes: [ada, bea, dora] },
    ["nodes: must hold an odd number of control planes, so that etcd keeps a majority: got 2"],
  ],
  [
    "no control plane",
    { nodes: [dora] },
    [
      "nodes: must hold an odd number of control planes, so that etcd keeps a majority: got 0",
      'cluster.bootstrapNode: must name a control plane: there is none: got "ada"',
    ],
  ],
  [
    "no node",
    { nodes: [] },
    [
      "nodes: must have at least 1 element: got a list of 0",
      'cluster.bootstrapNode: must name a control plane: there is none: got "ada"',
      'schematics.plain: must be the schematic of a node: got "plain"',
      "loadBalancer.vlan: must be a VLAN of a node: got 20",
    ],
  ],
  [
    "dedicated control planes without a worker",
    { nodes: [ada, bea, cleo], "cluster.controlPlane": "dedicated" },
    ['cluster.controlPlane: must be "converged" while no node is a worker: got "dedicated"'],
  ],
  [
    "two nodes of one name",
    { "nodes.1.name": "ada" },
    ['nodes.ada.name: must be the only node of that name: got "ada"'],
  ],
  [
    "a reserved name",
    { "nodes.3.name": "localhost" },
    ['nodes.localhost.name: must not be a reserved name: got "localhost"'],
  ],
  [
    "one MAC address twice, whatever its case",
    { "nodes.0.mac": "02:00:00:00:00:AB", "nodes.1.mac": "02:00:00:00:00:ab" },
    ['nodes.bea.mac: must be another MAC address than nodes.ada.mac: got "02:00:00:00:00:ab"'],
  ],
  [
    "another install disk than the system runs from",
    { "nodes.0.installedOn": "/dev/sda", "nodes.0.installDisk": "/dev/sdb" },
    [
      'nodes.ada.installDisk: must be the disk that the system runs from, /dev/sda: Talos reads it only while it installs, so this moves nothing, and the next install wipes that disk; npm run homelab -- node disk lab ada --to /dev/sdb prints the way: got "/dev/sdb" (the accepted risk install-disk-ada would silence this)',
    ],
  ],
  [
    "a MAC address that an interface names",
    {
      "nodes.1.mac": null,
      "nodes.1.interface": "enx020000000011",
      "loadBalancer.interfaces": ["."],
      assumptions: [{ path: "nodes.bea.mac", why: "Nobody has read it yet.", verify: "talosctl get links" }],
    },
    ['nodes.bea.interface: must be another MAC address than nodes.ada.mac: got "02:00:00:00:00:11"'],
  ],
  [
    "an interface that names another MAC address",
    { "nodes.0.interface": "enx0200000000ff", "loadBalancer.interfaces": ["."] },
    [
      'nodes.ada.interface: must agree with the MAC address, 02:00:00:00:00:11: enx020000000011: got "enx0200000000ff"',
    ],
  ],
  [
    "a worker that bootstraps",
    { "cluster.bootstrapNode": "dora" },
    ['cluster.bootstrapNode: must name a control plane: ada, bea, cleo: got "dora"'],
  ],
  [
    "a stranger that bootstraps",
    { "cluster.bootstrapNode": "zoe" },
    ['cluster.bootstrapNode: must name a control plane: ada, bea, cleo: got "zoe"'],
  ],
  [
    "an unknown schematic",
    { "nodes.0.schematic": "fancy" },
    ['nodes.ada.schematic: must name an entry of schematics: plain: got "fancy"'],
  ],
  [
    "a schematic that no node has",
    { "schematics.fancy": { extensions: [] } },
    ['schematics.fancy: must be the schematic of a node: got "fancy"'],
  ],
  [
    "an extension twice",
    { "schematics.plain.extensions": ["siderolabs/iscsi-tools", "siderolabs/iscsi-tools"] },
    ['schematics.plain.extensions: must name each extension once: got "siderolabs/iscsi-tools"'],
  ],
])("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test("an interface that names its MAC address is accepted, and so is one whose MAC address is unknown", () => {
  const interfaces = { "loadBalancer.interfaces": ["."] };
  expect(problems({ ...interfaces, "nodes.0.interface": "enx020000000011" })).toEqual([]);
  expect(
    problems({
      ...interfaces,
      "nodes.0.mac": null,
      "nodes.0.interface": "enx0200000000ff",
      assumptions: [{ path: "nodes.ada.mac", why: "Nobody has read it yet.", verify: "talosctl get links" }],
    }),
  ).toEqual([]);
});

test("a bootstrap node that is known to be a worker is refused beside a malformed node", () => {
  expect(problems({ "cluster.bootstrapNode": "dora", "nodes.0.name": 7 })).toContain(
    'cluster.bootstrapNode: must name a control plane: nodes[0], bea, cleo: got "dora"',
  );
});
