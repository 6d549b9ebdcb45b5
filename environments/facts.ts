/** Input of the rules: the well-formed parts of an environment, as values that can be compared. */
import type { Ipv4Address } from "../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../lib/core/values/ipv4-range.ts";
import type { Subnet } from "../lib/core/values/subnet.ts";
import type { EnvironmentDraft } from "./draft.ts";
import { macOfInterface } from "./interfaces.ts";
import { namedPath } from "./paths.ts";

/** A value and where it stands. */
export interface Located<T> {
  readonly path: string;
  readonly value: T;
}

export interface VlanFacts {
  readonly path: string;
  /** Null for the uplink itself. */
  readonly id: number | null | undefined;
  readonly address: Located<Ipv4Address> | undefined;
  readonly subnet: Subnet | undefined;
  readonly gateway: Located<Ipv4Address> | undefined;
  /** False when there is a gateway and it is malformed. */
  readonly gatewayKnown: boolean;
}

export interface NodeFacts {
  readonly path: string;
  readonly draft: NonNullable<NonNullable<EnvironmentDraft["nodes"]>[number]>;
  /** The name, or what stands for it. */
  readonly label: string;
  readonly vlans: readonly VlanFacts[];
  /** False when a VLAN is malformed as a whole. */
  readonly vlansKnown: boolean;
  /** The MAC address of the uplink, also when only the name of the interface says it. */
  readonly mac: Located<string> | undefined;
  readonly maintenanceAddress: Located<Ipv4Address> | undefined;
  readonly nameservers: readonly Located<Ipv4Address>[];
}

export interface RangeFacts {
  readonly path: string;
  readonly start: Located<Ipv4Address> | undefined;
  readonly stop: Located<Ipv4Address> | undefined;
  /** Undefined also when it stops before it starts. */
  readonly range: Ipv4Range | undefined;
}

export interface Facts {
  readonly draft: EnvironmentDraft;
  /** The data as given, for what only has to exist. */
  readonly input: unknown;
  /** Paths of malformed or missing fields. */
  readonly malformed: ReadonlySet<string>;
  readonly vip: Located<Ipv4Address> | undefined;
  readonly clusterSubnet: Subnet | undefined;
  readonly podSubnet: Subnet | undefined;
  readonly serviceSubnet: Subnet | undefined;
  readonly nodes: readonly NodeFacts[];
  /** False when a node is malformed as a whole. */
  readonly nodesKnown: boolean;
  /** The subnet of each VLAN id: the one on which most of the data agrees. */
  readonly vlanSubnets: ReadonlyMap<number | null, Subnet>;
  readonly loadBalancerRanges: readonly RangeFacts[];
  readonly argocdAddress: Located<Ipv4Address> | undefined;
}

type NodeDraft = NodeFacts["draft"];
type VlanDraft = NonNullable<NonNullable<NodeDraft["vlans"]>[number]>;

const present = <T>(values: readonly (T | undefined)[] | undefined): [index: number, value: T][] =>
  (values ?? []).flatMap((value, index) => (value === undefined ? [] : [[index, value] as [number, T]]));

const known = (values: readonly unknown[] | undefined): boolean =>
  values !== undefined && !values.includes(undefined);

const macOf = ({ mac, interface: uplink }: NodeDraft, path: string): Located<string> | undefined => {
  const derived = uplink === undefined ? undefined : macOfInterface(uplink);
  if (mac) return { path: `${path}.mac`, value: mac };
  return derived === undefined ? undefined : { path: `${path}.interface`, value: derived };
};

const located = <T>(path: string, value: T | null | undefined): Located<T> | undefined =>
  value == null ? undefined : { path, value };

export const factsOf = (draft: EnvironmentDraft, input: unknown, malformed: ReadonlySet<string>): Facts => {
  const vlanFacts = (vlan: VlanDraft, path: string): VlanFacts => ({
    path,
    id: vlan.id,
    address: located(`${path}.address`, vlan.address?.address),
    subnet: vlan.address?.subnet,
    gateway: located(`${path}.gateway`, vlan.gateway),
    gatewayKnown: !malformed.has(`${path}.gateway`),
  });
  const nodeFacts = (node: NodeDraft, index: number): NodeFacts => {
    const path = namedPath(input, ["nodes", index]);
    return {
      path,
      draft: node,
      label: node.name ?? path,
      vlans: present(node.vlans).map(([vlan, value]) =>
        vlanFacts(value, namedPath(input, ["nodes", index, "vlans", vlan])),
      ),
      vlansKnown: known(node.vlans),
      mac: macOf(node, path),
      maintenanceAddress: located(`${path}.maintenanceAddress`, node.maintenanceAddress),
      nameservers: present(node.nameservers).map(([position, value]) => ({
        path: `${path}.nameservers[${position}]`,
        value,
      })),
    };
  };
  const rangeFacts = (name: "static" | "automatic"): RangeFacts => {
    const path = `loadBalancer.${name}`;
    const start = located(`${path}.start`, draft.loadBalancer?.[name]?.start);
    const stop = located(`${path}.stop`, draft.loadBalancer?.[name]?.stop);
    const ordered = start && stop && start.value.compare(stop.value) <= 0;
    return { path, start, stop, range: ordered ? Ipv4Range.between(start.value, stop.value) : undefined };
  };
  const nodes = present(draft.nodes).map(([index, node]) => nodeFacts(node, index));
  const clusterSubnet = draft.cluster?.subnet;
  return {
    draft,
    input,
    malformed,
    vip: located("cluster.vip", draft.cluster?.vip),
    clusterSubnet,
    podSubnet: draft.cluster?.podSubnet,
    serviceSubnet: draft.cluster?.serviceSubnet,
    nodes,
    nodesKnown: known(draft.nodes),
    vlanSubnets: vlanSubnetsOf(nodes, clusterSubnet),
    loadBalancerRanges: [rangeFacts("static"), rangeFacts("automatic")],
    argocdAddress: located("argocd.address", draft.argocd?.address),
  };
};

/** Each address, each gateway and the cluster's subnet vote for the subnet of their VLAN. */
const vlanSubnetsOf = (
  nodes: readonly NodeFacts[],
  cluster: Subnet | undefined,
): Map<number | null, Subnet> => {
  const vlans = nodes.flatMap((node) => node.vlans);
  const result = new Map<number | null, Subnet>();
  for (const id of new Set(vlans.map((vlan) => vlan.id))) {
    if (id === undefined) continue;
    const members = vlans.filter((vlan) => vlan.id === id);
    const votes = (subnet: Subnet): number =>
      members.filter((vlan) => vlan.subnet?.equals(subnet)).length +
      members.filter((vlan) => vlan.gateway && subnet.contains(vlan.gateway.value)).length +
      (cluster?.equals(subnet) ? 1 : 0);
    const candidates = new Map(members.flatMap(({ subnet }) => (subnet ? [[`${subnet}`, subnet]] : [])));
    const [best] = [...candidates.values()]
      .map((subnet) => ({ subnet, count: votes(subnet) }))
      .toSorted((a, b) => b.count - a.count);
    if (best) result.set(id, best.subnet);
  }
  return result;
};

/** Every address that a machine of the environment has; one that its DHCP reserves for good stands there once. */
export const machineAddresses = ({ nodes }: Facts): Located<Ipv4Address>[] =>
  nodes.flatMap((node) => [
    ...node.vlans.flatMap((vlan) => vlan.address ?? []),
    ...(node.maintenanceAddress && !isReservation(node) ? [node.maintenanceAddress] : []),
  ]);

/** On a network without tags a machine can keep the address under which it waits for its configuration. */
const isReservation = ({ maintenanceAddress, vlans }: NodeFacts): boolean =>
  vlans.some(({ id, address }) => id === null && address && maintenanceAddress?.value.equals(address.value));

export const gateways = ({ nodes }: Facts): Located<Ipv4Address>[] =>
  nodes.flatMap((node) => node.vlans.flatMap((vlan) => vlan.gateway ?? []));
