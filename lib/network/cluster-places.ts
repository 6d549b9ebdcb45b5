/** Destinations that the cluster itself owns: Cilium decides on the pod or node behind them, not on the address. */
import type { Environment } from "../../environments/schema.ts";
import { Ipv4Address } from "../core/values/ipv4-address.ts";
import { Ipv4Range } from "../core/values/ipv4-range.ts";
import { Subnet } from "../core/values/subnet.ts";

/** Addresses of the cluster, with what they are and the link by which an app reaches what is behind them. */
export interface ClusterPlace {
  readonly range: Ipv4Range;
  /** E.g. `the node daphne`. */
  readonly what: string;
  /** E.g. `reachesNodes(ports)`. */
  readonly link: string;
}

/** A host name or one address that something in the cluster serves. */
export interface ServedName {
  readonly what: string;
  readonly link: string;
}

/** A destination that an environment takes for an outside one. */
export interface OutsidePlace {
  /** Field of the environment, e.g. `backup.endpoint`. */
  readonly path: string;
  /** An exact name, an address, a subnet or a URL. */
  readonly to: string;
}

/** The number of places that a message names. */
const SHOWN = 3;

const ANY_SERVICE: ServedName = { what: "a Service of the cluster", link: "uses(app)" };

/** Every address of an environment that is a node, a pod, a Service or a load balancer. */
export const clusterPlaces = ({ nodes, cluster, loadBalancer }: Environment): ClusterPlace[] => {
  const { static: fixed, automatic } = loadBalancer;
  const one = (address: Ipv4Address) => Ipv4Range.between(address, address);
  return [
    ...nodes.flatMap(({ name, vlans }) =>
      vlans.map(
        (vlan): ClusterPlace => ({
          range: one(vlan.address.address),
          what: `the node ${name}`,
          link: "reachesNodes(ports)",
        }),
      ),
    ),
    { range: one(cluster.vip), what: "the VIP of the Kubernetes API", link: "usesKubernetesApi()" },
    { range: cluster.podSubnet.range, what: "the pod network", link: "uses(app)" },
    { range: cluster.serviceSubnet.range, what: "the Service network", link: "uses(app)" },
    ...[fixed, automatic].map(
      (range): ClusterPlace => ({ range, what: "a load-balancer address", link: "uses(app)" }),
    ),
  ];
};

/** The part of the cluster that a destination turns out to be. */
export interface Owned {
  /** E.g. `192.168.111.162, the node daphne`. */
  readonly what: string;
  readonly link: string;
}

/**
 * Finds the part of the cluster that owns a destination, an exact name, an address or a subnet; undefined when it
 * lies outside.
 * @param served host names and addresses that an app or the platform serves
 * @param namespaces of the cluster, because `db.databases` is the name of a Service too
 */
export const ownedOf = (
  to: string,
  places: readonly ClusterPlace[],
  served: ReadonlyMap<string, ServedName>,
  namespaces: readonly string[] = [],
): Owned | undefined => {
  if (!/^[\d.]+(\/\d+)?$/.test(to)) return ownedName(to, served, namespaces);
  const cidr = to.includes("/") ? to : `${to}/32`;
  if (!Subnet.isCidr(cidr)) return undefined;
  const asked = Subnet.around(cidr);
  const known = [...served]
    .filter(([address]) => Ipv4Address.isValid(address) && asked.contains(Ipv4Address.parse(address)))
    .map(([address, { what, link }]) => ({ what: `${address}, ${what}`, link }));
  const found = [
    ...known,
    ...places
      .filter(({ range }) => asked.overlaps(range))
      // A known address says more than the range that it lies in.
      .filter(({ range }) => known.length === 0 || asked.prefixLength < Ipv4Address.BITS || range.size === 1)
      .map(({ range, what, link }) => ({
        what: `${range.size === 1 ? range.start : range}, ${what}`,
        link,
      })),
  ];
  if (found.length === 0) return undefined;
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  return {
    what: `${found
      .slice(0, SHOWN)
      .map(({ what }) => what)
      .join("; ")}${more}`,
    link: [...new Set(found.map(({ link }) => link))].join(" or "),
  };
};

const ownedName = (
  name: string,
  served: ReadonlyMap<string, ServedName>,
  namespaces: readonly string[],
): Owned | undefined => {
  const known = served.get(name);
  if (known) return { what: `${name}, ${known.what}`, link: known.link };
  const labels = name.split(".");
  const isService =
    /\.svc(\.|$)|\.cluster\.local$/.test(name) ||
    (labels.length === 2 && namespaces.includes(labels[1] ?? ""));
  if (!isService) return undefined;
  return labels[0] === "kubernetes" && labels[1] === "default"
    ? { what: `${name}, the Service of the Kubernetes API`, link: "usesKubernetesApi()" }
    : { ...ANY_SERVICE, what: `${name}, ${ANY_SERVICE.what}` };
};
