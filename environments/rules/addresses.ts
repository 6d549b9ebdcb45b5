import { type Facts, gateways, machineAddresses, type VlanFacts } from "../facts.ts";
import { networkName } from "../interfaces.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated } from "./rule.ts";

const listed = (vlans: readonly VlanFacts[]): string =>
  vlans.map(({ id }) => networkName(id)).join(", ") || "none";

function* uniqueAddresses(facts: Facts): Iterable<Finding> {
  for (const [later, first] of repeated(machineAddresses(facts), ({ value }) => value.value)) {
    yield { path: later.path, rule: `must be another address than ${first.path}`, value: `${later.value}` };
  }
}

function* vlanIds({ nodes }: Facts): Iterable<Finding> {
  for (const { vlans } of nodes) {
    const known = vlans.filter(({ id }) => id !== undefined);
    for (const [{ path, id }] of repeated(known, (vlan) => vlan.id)) {
      yield { path: `${path}.id`, rule: "must be the node's only VLAN of that id", value: id };
    }
  }
}

function* vlanAddresses({ nodes, vlanSubnets }: Facts): Iterable<Finding> {
  for (const { id, address, subnet } of nodes.flatMap(({ vlans }) => vlans)) {
    const expected = id === undefined ? undefined : vlanSubnets.get(id);
    if (!address || !subnet) continue;
    if (expected && !expected.equals(subnet)) {
      yield {
        path: address.path,
        rule: `must lie in the subnet of ${networkName(id)}, ${expected}, and have its prefix length`,
        value: `${address.value}/${subnet.prefixLength}`,
      };
    }
    if (!subnet.isHost(address.value)) {
      yield {
        path: address.path,
        rule: `must be neither the network nor the broadcast address of ${subnet}`,
        value: `${address.value}/${subnet.prefixLength}`,
      };
    }
  }
}

function* clusterVlan({ nodes, clusterSubnet }: Facts): Iterable<Finding> {
  for (const { path, vlans, vlansKnown } of nodes) {
    if (!clusterSubnet || !vlansKnown || vlans.some(({ address }) => !address)) continue;
    const inside = vlans.filter(({ address }) => address && clusterSubnet.contains(address.value));
    if (inside.length !== 1) {
      yield {
        path: `${path}.vlans`,
        rule: `must hold exactly one VLAN with an address in the cluster's subnet, ${clusterSubnet}`,
        value: listed(inside),
      };
    }
  }
}

function* defaultRoute({ nodes }: Facts): Iterable<Finding> {
  for (const { path, vlans, vlansKnown } of nodes) {
    if (!vlansKnown || !vlans.every(({ gatewayKnown }) => gatewayKnown)) continue;
    const routes = vlans.filter(({ gateway }) => gateway);
    if (routes.length !== 1) {
      yield {
        path: `${path}.vlans`,
        rule: "must hold exactly one default route, that is one VLAN with a gateway",
        value: listed(routes),
      };
    }
  }
}

function* gatewayAddresses(facts: Facts): Iterable<Finding> {
  const machines = new Map(machineAddresses(facts).map(({ path, value }) => [value.value, path]));
  for (const { gateway, id, subnet: own } of facts.nodes.flatMap(({ vlans }) => vlans)) {
    const subnet = (id === undefined ? undefined : facts.vlanSubnets.get(id)) ?? own;
    if (!gateway) continue;
    if (subnet && !subnet.isHost(gateway.value)) {
      yield {
        path: gateway.path,
        rule: `must be a host address in the subnet of its VLAN, ${subnet}`,
        value: `${gateway.value}`,
      };
    }
    const machine = machines.get(gateway.value.value);
    if (machine !== undefined) {
      yield {
        path: gateway.path,
        rule: `must not be the address of a node, ${machine}`,
        value: `${gateway.value}`,
      };
    }
  }
}

function* virtualIp(facts: Facts): Iterable<Finding> {
  const { vip, clusterSubnet, nodes } = facts;
  if (!vip) return;
  const refuse = (rule: string): Finding => ({ path: vip.path, rule, value: `${vip.value}` });
  if (clusterSubnet && !clusterSubnet.isHost(vip.value)) {
    yield refuse(`must be a host address in the cluster's subnet, ${clusterSubnet}`);
  }
  for (const { path, value } of machineAddresses(facts)) {
    if (value.equals(vip.value)) yield refuse(`must not be the address of a node, ${path}`);
  }
  const [gateway] = gateways(facts).filter(({ value }) => value.equals(vip.value));
  if (gateway) yield refuse(`must not be a gateway, ${gateway.path}`);
  for (const { path, range } of facts.loadBalancerRanges) {
    if (range?.contains(vip.value)) yield refuse(`must lie outside of ${path}, ${range}`);
  }
  if (!clusterSubnet?.isHost(vip.value)) return;
  for (const { label, vlans } of nodes.filter((node) => node.draft.role === "controlplane")) {
    const [vlan] = vlans.filter(({ address }) => address && clusterSubnet.contains(address.value));
    if (vlan?.subnet && !vlan.subnet.isHost(vip.value)) {
      yield refuse(
        `must be a host address in the cluster VLAN of each control plane; ${label} has ${vlan.subnet}`,
      );
    }
  }
}

export const addressRules: readonly Rule[] = [
  uniqueAddresses,
  vlanIds,
  vlanAddresses,
  clusterVlan,
  defaultRoute,
  gatewayAddresses,
  virtualIp,
];
