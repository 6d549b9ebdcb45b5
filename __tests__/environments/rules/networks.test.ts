import fc from "fast-check";
import { expect, test } from "vitest";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import { problems, type Refusal } from "../lab.ts";

test.each<Refusal>([
  [
    "pods and services that overlap",
    { "cluster.podSubnet": "10.100.0.0/16" },
    ['cluster.serviceSubnet: must not overlap cluster.podSubnet, 10.100.0.0/16: got "10.96.0.0/12"'],
  ],
  [
    "pods in the cluster's subnet",
    { "cluster.podSubnet": "10.1.0.0/20" },
    [
      'cluster.podSubnet: must not overlap the network of nodes, cluster.subnet 10.1.10.0/24: got "10.1.0.0/20"',
    ],
  ],
  [
    "services in another VLAN of the nodes",
    { "cluster.serviceSubnet": "10.1.16.0/20" },
    [
      'cluster.serviceSubnet: must not overlap the network of nodes, VLAN 20 10.1.20.0/24: got "10.1.16.0/20"',
    ],
  ],
  [
    "a maintenance address among the pods",
    { "nodes.0.maintenanceAddress": "10.244.3.4" },
    ['nodes.ada.maintenanceAddress: must lie outside of cluster.podSubnet, 10.244.0.0/16: got "10.244.3.4"'],
  ],
  [
    "a nameserver among the services",
    { "nodes.0.nameservers": ["10.96.0.10"] },
    ['nodes.ada.nameservers[0]: must lie outside of cluster.serviceSubnet, 10.96.0.0/12: got "10.96.0.10"'],
  ],
  [
    "two VLANs with subnets that overlap",
    Object.fromEntries([0, 1, 2, 3].map((n) => [`nodes.${n}.vlans.1.address`, `10.1.20.${11 + n}/19`])),
    [
      'nodes.ada.vlans.20: must have a subnet that does not overlap that of VLAN 10, 10.1.10.0/24: got "10.1.0.0/19"',
    ],
  ],
  [
    "one subnet under two VLAN ids, by the node that is alone with its id",
    { "nodes.0.vlans.0.id": 11 },
    [
      'nodes.ada.vlans.11: must have a subnet that does not overlap that of VLAN 10, 10.1.10.0/24: got "10.1.10.0/24"',
    ],
  ],
  [
    "fewer pod subnets than nodes",
    { "cluster.podSubnet": "10.244.0.0/23" },
    ['cluster.podSubnet: must have a /24 for each of the 4 nodes, and be a /8 at most: got "10.244.0.0/23"'],
  ],
  [
    "more pod subnets than Kubernetes counts",
    { "cluster.podSubnet": "64.0.0.0/7" },
    ['cluster.podSubnet: must have a /24 for each of the 4 nodes, and be a /8 at most: got "64.0.0.0/7"'],
  ],
  [
    "more services than Kubernetes counts",
    { "cluster.serviceSubnet": "10.128.0.0/11" },
    ['cluster.serviceSubnet: must be a /12 to a /28: got "10.128.0.0/11"'],
  ],
  [
    "no room for the cluster's DNS",
    { "cluster.serviceSubnet": "10.96.0.0/29" },
    ['cluster.serviceSubnet: must be a /12 to a /28: got "10.96.0.0/29"'],
  ],
])("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test("pods and services are refused exactly when their subnets share an address", () => {
  const subnets = fc
    .tuple(fc.nat(255), fc.integer({ min: 12, max: 22 }))
    .map(([octet, prefix]) => Subnet.around(`172.${octet}.0.0/${prefix}`));
  fc.assert(
    fc.property(subnets, subnets, (pods, services) => {
      const lines = problems({ "cluster.podSubnet": `${pods}`, "cluster.serviceSubnet": `${services}` });
      expect(lines.some((line) => line.includes("must not overlap cluster.podSubnet"))).toBe(
        pods.overlaps(services),
      );
    }),
    { numRuns: 50 },
  );
});
