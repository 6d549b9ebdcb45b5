import type { Subnet } from "../core/values/subnet.ts";
import { Allowance, type Route } from "./allowance.ts";
import { type Entity, Peer } from "./peer.ts";
import { Port } from "./port.ts";

/** Prefix of the name of every exception's policy. */
export const EXCEPTION_PREFIX = "exception-";

/** One end of an exception, as data. */
export type PeerData =
  | { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> | undefined }
  | { readonly entity: Entity }
  | { readonly cidr: Subnet }
  | { readonly fqdn: string };

/** A flow beside the standard: named, with its reason, and only until its review date. */
export interface NetworkException {
  /** Name of the policy after `exception-`. */
  readonly name: string;
  readonly reason: string;
  /** Last day on which it counts, YYYY-MM-DD. */
  readonly reviewBy: string;
  readonly from: PeerData;
  readonly to: PeerData;
  readonly ports: readonly {
    readonly protocol: "TCP" | "UDP";
    readonly port: number;
    readonly endPort?: number | undefined;
  }[];
}

/** The way around the standard: an allowance of its own, `exception-<name>`, that every report lists. */
export const exceptionAllowance = (exception: NetworkException): Allowance =>
  new Allowance({
    name: `${EXCEPTION_PREFIX}${exception.name}`,
    why: `Exception until ${exception.reviewBy}: ${exception.reason}`,
    routes: [exceptionRoute(exception)],
  });

/** The one flow that an exception opens. */
export const exceptionRoute = ({ from, to, ports }: NetworkException): Route => ({
  from: peerOf(from),
  to: peerOf(to),
  ports: ports.map(({ protocol, port, endPort = port }) =>
    protocol === "TCP" ? Port.tcp(port, endPort) : Port.udp(port, endPort),
  ),
});

const peerOf = (peer: PeerData): Peer => {
  if ("entity" in peer) return Peer.entities(peer.entity);
  if ("cidr" in peer) return Peer.cidr(`${peer.cidr}`);
  if ("fqdn" in peer) return Peer.fqdn(peer.fqdn);
  return peer.labels ? Peer.workload(peer.namespace, peer.labels) : Peer.namespace(peer.namespace);
};
