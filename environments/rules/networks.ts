import type { Subnet } from "../../lib/core/values/subnet.ts";
import type { Facts } from "../facts.ts";
import { networkName } from "../interfaces.ts";
import type { Finding } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Kubernetes gives each node a pod subnet of this size by default (kube-controller-manager). */
const POD_PREFIX_OF_NODE = 24;
/** It refuses a pod subnet that holds more than 2^16 of them. */
const WIDEST_POD_PREFIX = POD_PREFIX_OF_NODE - 16;
/** kube-apiserver refuses a service subnet of more than 2^20 addresses. */
const WIDEST_SERVICE_PREFIX = 12;
/** The cluster's DNS has the tenth address. */
const NARROWEST_SERVICE_PREFIX = 28;

/** Subnets by the field that says them: the cluster's, then each VLAN's. */
const nodeNetworks = ({ clusterSubnet, vlanSubnets }: Facts): [name: string, subnet: Subnet][] => [
  ...(clusterSubnet ? [["cluster.subnet", clusterSubnet] as [string, Subnet]] : []),
  ...[...vlanSubnets]
    .filter(([, subnet]) => !clusterSubnet?.equals(subnet))
    .map(([id, subnet]) => [networkName(id), subnet] as [string, Subnet]),
];

function* overlaps(facts: Facts): Iterable<Finding> {
  const { podSubnet, serviceSubnet } = facts;
  if (podSubnet && serviceSubnet?.overlaps(podSubnet)) {
    yield {
      path: "cluster.serviceSubnet",
      rule: `must not overlap cluster.podSubnet, ${podSubnet}`,
      value: `${serviceSubnet}`,
    };
  }
  const inside: [string, Subnet | undefined][] = [
    ["cluster.podSubnet", podSubnet],
    ["cluster.serviceSubnet", serviceSubnet],
  ];
  for (const [path, subnet] of inside) {
    for (const [name, network] of nodeNetworks(facts)) {
      if (subnet?.overlaps(network)) {
        yield { path, rule: `must not overlap the network of nodes, ${name} ${network}`, value: `${subnet}` };
      }
    }
  }
}

/** Refuses an address that nodes must reach but that looks to them like a pod's or a Service's. */
function* reachable(facts: Facts): Iterable<Finding> {
  const { podSubnet, serviceSubnet, nodes } = facts;
  const networks = nodeNetworks(facts);
  const places = nodes
    .flatMap((node) => [...(node.maintenanceAddress ? [node.maintenanceAddress] : []), ...node.nameservers])
    .filter(({ value }) => !networks.some(([, network]) => network.contains(value)));
  for (const { path, value } of new Map(
    places.toReversed().map((place) => [place.value.value, place]),
  ).values()) {
    for (const [name, subnet] of [
      ["cluster.podSubnet", podSubnet],
      ["cluster.serviceSubnet", serviceSubnet],
    ] as const) {
      if (subnet?.contains(value)) {
        yield { path, rule: `must lie outside of ${name}, ${subnet}`, value: `${value}` };
      }
    }
  }
}

/** Said of the VLAN that fewer nodes have: one odd id is the likelier slip. */
function* vlanOverlaps({ nodes, vlanSubnets }: Facts): Iterable<Finding> {
  const vlans = [...vlanSubnets].map(([id, subnet]) => ({
    id,
    subnet,
    places: nodes.flatMap((node) => node.vlans.filter((vlan) => vlan.id === id).map(({ path }) => path)),
  }));
  for (const [index, first] of vlans.entries()) {
    for (const second of vlans.slice(index + 1)) {
      if (!first.subnet.overlaps(second.subnet)) continue;
      const [rare, common] = first.places.length < second.places.length ? [first, second] : [second, first];
      yield {
        path: rare.places[0] ?? "nodes",
        rule: `must have a subnet that does not overlap that of ${networkName(common.id)}, ${common.subnet}`,
        value: `${rare.subnet}`,
      };
    }
  }
}

function* sizes({ podSubnet, serviceSubnet, nodes }: Facts): Iterable<Finding> {
  if (podSubnet) {
    const room = 2 ** (POD_PREFIX_OF_NODE - podSubnet.prefixLength);
    if (podSubnet.prefixLength < WIDEST_POD_PREFIX || room < Math.max(nodes.length, 1)) {
      yield {
        path: "cluster.podSubnet",
        rule: `must have a /${POD_PREFIX_OF_NODE} for each of the ${nodes.length} nodes, and be a /${WIDEST_POD_PREFIX} at most`,
        value: `${podSubnet}`,
      };
    }
  }
  const prefix = serviceSubnet?.prefixLength ?? WIDEST_SERVICE_PREFIX;
  if (prefix < WIDEST_SERVICE_PREFIX || prefix > NARROWEST_SERVICE_PREFIX) {
    yield {
      path: "cluster.serviceSubnet",
      rule: `must be a /${WIDEST_SERVICE_PREFIX} to a /${NARROWEST_SERVICE_PREFIX}`,
      value: `${serviceSubnet}`,
    };
  }
}

export const networkRules: readonly Rule[] = [overlaps, vlanOverlaps, reachable, sizes];
