import type { Environment } from "../../environments/schema.ts";
import type { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import type { Subnet } from "../../lib/core/values/subnet.ts";

/** One network of an environment, as its nodes describe it. */
export interface Network {
  /** Null for the network without tags. */
  readonly id: number | null;
  /** The purpose of the network; several where one VLAN serves several. */
  readonly roles: readonly ("cluster" | "services")[];
  readonly subnets: readonly Subnet[];
  /** Next hops of the default routes that leave through it. */
  readonly gateways: readonly Ipv4Address[];
}

/** All VLANs: first the cluster's, then that of the load balancer, then the others by id. */
export const networksOf = ({ cluster, nodes, loadBalancer }: Environment): Network[] => {
  const vlans = nodes.flatMap((node) => node.vlans);
  const ids = [...new Set([...vlans.map(({ id }) => id), loadBalancer.vlan])].sort(
    (a, b) => (a ?? 0) - (b ?? 0),
  );
  const networks = ids.map((id): Network => {
    const members = vlans.filter((vlan) => vlan.id === id);
    const subnets = distinct(members.map(({ address }) => address.subnet));
    return {
      id,
      roles: [
        ...(subnets.some((each) => each.equals(cluster.subnet)) ? (["cluster"] as const) : []),
        ...(id === loadBalancer.vlan ? (["services"] as const) : []),
      ],
      subnets,
      gateways: distinct(members.flatMap(({ gateway }) => gateway ?? [])),
    };
  });
  return [
    ...networks.filter(({ roles }) => roles.includes("cluster")),
    ...networks.filter(({ roles }) => roles.includes("services") && !roles.includes("cluster")),
    ...networks.filter(({ roles }) => roles.length === 0),
  ];
};

/** Each value once, by its text. */
export const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [String(value), value])).values(),
];
