import { expect, test } from "vitest";
import { lab, problems, type Refusal } from "../lab.ts";

test.each<Refusal>([
  [
    "one VLAN address twice",
    { "nodes.1.vlans.0.address": "10.1.10.11/24" },
    ['nodes.bea.vlans.10.address: must be another address than nodes.ada.vlans.10.address: got "10.1.10.11"'],
  ],
  [
    "one maintenance address twice",
    { "nodes.1.maintenanceAddress": "192.168.0.11" },
    [
      'nodes.bea.maintenanceAddress: must be another address than nodes.ada.maintenanceAddress: got "192.168.0.11"',
    ],
  ],
  [
    "a maintenance address that is another node's",
    { "nodes.3.maintenanceAddress": "10.1.10.12" },
    [
      'nodes.dora.maintenanceAddress: must be another address than nodes.bea.vlans.10.address: got "10.1.10.12"',
    ],
  ],
  [
    "one VLAN id twice",
    { "nodes.0.vlans.2": { id: 20, address: "10.1.20.99/24" } },
    ["nodes.ada.vlans.20.id: must be the node's only VLAN of that id: got 20"],
  ],
  [
    "an address outside of its VLAN's subnet",
    { "nodes.0.vlans.1.address": "10.1.21.11/24" },
    [
      'nodes.ada.vlans.20.address: must lie in the subnet of VLAN 20, 10.1.20.0/24, and have its prefix length: got "10.1.21.11/24"',
    ],
  ],
  [
    "an address with another prefix length",
    { "nodes.0.vlans.1.address": "10.1.20.11/16" },
    [
      'nodes.ada.vlans.20.address: must lie in the subnet of VLAN 20, 10.1.20.0/24, and have its prefix length: got "10.1.20.11/16"',
    ],
  ],
  [
    "a network address",
    { "nodes.0.vlans.0.address": "10.1.10.0/24" },
    [
      'nodes.ada.vlans.10.address: must be neither the network nor the broadcast address of 10.1.10.0/24: got "10.1.10.0/24"',
    ],
  ],
  [
    "a broadcast address",
    { "nodes.0.vlans.0.address": "10.1.10.255/24" },
    [
      'nodes.ada.vlans.10.address: must be neither the network nor the broadcast address of 10.1.10.0/24: got "10.1.10.255/24"',
    ],
  ],
  [
    "a node without the cluster's subnet",
    { "nodes.0.vlans": [{ id: 20, address: "10.1.20.11/24", gateway: "10.1.20.1" }] },
    [
      'nodes.ada.vlans: must hold exactly one VLAN with an address in the cluster\'s subnet, 10.1.10.0/24: got "none"',
    ],
  ],
  [
    "a node with the cluster's subnet on two VLANs",
    { ...narrow(), "nodes.0.vlans.2": { id: 11, address: "10.1.10.130/25" } },
    [
      'nodes.ada.vlans: must hold exactly one VLAN with an address in the cluster\'s subnet, 10.1.10.0/24: got "VLAN 10, VLAN 11"',
    ],
  ],
  [
    "no default route",
    { "nodes.0.vlans.1.gateway": undefined },
    ['nodes.ada.vlans: must hold exactly one default route, that is one VLAN with a gateway: got "none"'],
  ],
  [
    "two default routes",
    { "nodes.0.vlans.0.gateway": "10.1.10.1" },
    [
      'nodes.ada.vlans: must hold exactly one default route, that is one VLAN with a gateway: got "VLAN 10, VLAN 20"',
    ],
  ],
  [
    "a gateway outside of its VLAN's subnet",
    { "nodes.0.vlans.1.gateway": "10.1.10.1" },
    [
      'nodes.ada.vlans.20.gateway: must be a host address in the subnet of its VLAN, 10.1.20.0/24: got "10.1.10.1"',
    ],
  ],
  [
    "a gateway that is a node's address",
    { "nodes.0.vlans.1.gateway": "10.1.20.12" },
    [
      'nodes.ada.vlans.20.gateway: must not be the address of a node, nodes.bea.vlans.20.address: got "10.1.20.12"',
    ],
  ],
  [
    "a virtual IP that is a node's address",
    { "cluster.vip": "10.1.10.12" },
    ['cluster.vip: must not be the address of a node, nodes.bea.vlans.10.address: got "10.1.10.12"'],
  ],
  [
    "a virtual IP that is a maintenance address",
    { "nodes.0.maintenanceAddress": "10.1.10.5" },
    ['cluster.vip: must not be the address of a node, nodes.ada.maintenanceAddress: got "10.1.10.5"'],
  ],
  [
    "a virtual IP outside of the cluster's subnet",
    { "cluster.vip": "10.1.11.5" },
    ['cluster.vip: must be a host address in the cluster\'s subnet, 10.1.10.0/24: got "10.1.11.5"'],
  ],
  [
    "a virtual IP that is the broadcast address",
    { "cluster.vip": "10.1.10.255" },
    ['cluster.vip: must be a host address in the cluster\'s subnet, 10.1.10.0/24: got "10.1.10.255"'],
  ],
  [
    "a virtual IP that is a gateway",
    { ...onServices(), "cluster.vip": "10.1.20.1" },
    ['cluster.vip: must not be a gateway, nodes.ada.vlans.20.gateway: got "10.1.20.1"'],
  ],
  [
    "a virtual IP inside a load-balancer range",
    { ...onServices(), "cluster.vip": "10.1.20.75" },
    ['cluster.vip: must lie outside of loadBalancer.static, 10.1.20.70-10.1.20.79: got "10.1.20.75"'],
  ],
  [
    "a virtual IP that a control plane's VLAN does not hold",
    { ...narrow(), "cluster.vip": "10.1.10.200" },
    ["ada", "bea", "cleo"].map(
      (name) =>
        `cluster.vip: must be a host address in the cluster VLAN of each control plane; ${name} has 10.1.10.0/25: got "10.1.10.200"`,
    ),
  ],
])("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test("a prefix length that one node alone has wrong is told of that node, the first one too", () => {
  expect(problems({ "nodes.0.vlans.0.address": "10.1.10.11/25" })).toEqual([
    'nodes.ada.vlans.10.address: must lie in the subnet of VLAN 10, 10.1.10.0/24, and have its prefix length: got "10.1.10.11/25"',
  ]);
});

test("of a single machine, the gateway and the ranges tell that its address is wrong", () => {
  const [machine] = lab().nodes;
  const vlans = [machine?.vlans[0], { id: 20, address: "10.1.21.11/24", gateway: "10.1.20.1" }];
  expect(problems({ nodes: [{ ...machine, vlans }] })).toEqual([
    'nodes.ada.vlans.20.gateway: must be a host address in the subnet of its VLAN, 10.1.21.0/24: got "10.1.20.1"',
    'loadBalancer.static: must lie among the host addresses of VLAN 20, 10.1.21.0/24: got "10.1.20.70-10.1.20.79"',
    'loadBalancer.automatic: must lie among the host addresses of VLAN 20, 10.1.21.0/24: got "10.1.20.80-10.1.20.89"',
  ]);
});

/** The cluster's subnet is that of the services VLAN. */
function onServices() {
  return { "cluster.subnet": "10.1.20.0/24" };
}

/** The cluster VLAN is half as wide. */
function narrow() {
  return Object.fromEntries(
    [0, 1, 2, 3].map((index) => [`nodes.${index}.vlans.0.address`, `10.1.10.${11 + index}/25`]),
  );
}
