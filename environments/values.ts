/** An environment as the project uses it: the values that the shape read, and what follows from them. */
import { API_SERVER_PORT } from "../lib/core/platform/api-server.ts";
import { HttpUrl } from "../lib/core/values/http-url.ts";
import type { Ipv4Address } from "../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../lib/core/values/ipv4-range.ts";
import type { Subnet } from "../lib/core/values/subnet.ts";
import type { EnvironmentInput, EnvironmentShape } from "./shape.ts";

type ShapeOfNode = EnvironmentShape["nodes"][number];

/** @param accepted what the shape and every rule let pass: a node has exactly one address in the cluster's subnet */
export const withValues = (accepted: EnvironmentShape) => {
  const { cluster, nodes, loadBalancer } = accepted;
  return {
    ...accepted,
    cluster: {
      ...cluster,
      /** URL of the Kubernetes API, at the virtual IP. */
      endpoint: HttpUrl.parse(`https://${cluster.vip}:${API_SERVER_PORT}`),
    },
    nodes: nodes.map((node) => ({
      ...node,
      /** Its address in the cluster's subnet, which kubelet and etcd use. */
      address: clusterAddress(node, cluster.subnet),
    })),
    loadBalancer: {
      ...loadBalancer,
      static: rangeOf(loadBalancer.static),
      automatic: rangeOf(loadBalancer.automatic),
    },
  };
};

const rangeOf = ({ start, stop }: EnvironmentShape["loadBalancer"]["static"]): Ipv4Range =>
  Ipv4Range.between(start, stop);

const clusterAddress = ({ name, vlans }: ShapeOfNode, subnet: Subnet): Ipv4Address => {
  const [address] = vlans.map((vlan) => vlan.address.address).filter((each) => subnet.contains(each));
  if (!address) throw new Error(`node ${name}: must have an address in ${subnet}`);
  return address;
};

/** One environment, checked. */
export type Environment = ReturnType<typeof withValues>;
export type Node = Environment["nodes"][number];
export type Vlan = Node["vlans"][number];

/** The data that is read as this environment: to change a part of it, and to parse it anew. */
export const dataOf = (environment: Environment): EnvironmentInput => {
  const { endpoint: _, ...cluster } = environment.cluster;
  const nodes = environment.nodes.map(({ address: _, ...node }) => node);
  const { static: fixed, automatic, ...loadBalancer } = environment.loadBalancer;
  const ranges = { static: { ...fixed }, automatic: { ...automatic } };
  const data: unknown = JSON.parse(
    JSON.stringify({ ...environment, cluster, nodes, loadBalancer: { ...loadBalancer, ...ranges } }),
  );
  return data as EnvironmentInput;
};
