/** The flows that an app declares. What it does not declare stays closed. */

import type { PerEnvironment } from "../../environments/names.ts";
import { API_SERVER_PORT } from "../core/platform/api-server.ts";
import { Port } from "../network/port.ts";
import type { AppReference, DeclaredLink, Link } from "./declaration.ts";
import { DeclaredPort } from "./declared-port.ts";
import type { gateway, LoadBalancer, metrics } from "./link-ends.ts";

/** @param address e.g. `{ prod: "192.168.201.72" }` */
export const loadBalancer = (address: PerEnvironment<string>): LoadBalancer => ({
  kind: "load-balancer",
  address,
});

/**
 * Lets the gateway, or the world at a load-balancer address, in.
 * @param ports container ports; for the gateway by default the app's `port`. A load balancer needs at least one.
 */
export const exposedBy = (by: typeof gateway | LoadBalancer, ...ports: readonly Port[]): Link => ({
  kind: "exposed",
  by,
  ports,
});

/**
 * Talks to another app, and comes after it.
 * @param ports of the other app's pods; by default its `port`
 */
export const uses = (app: AppReference, ...ports: readonly Port[]): DeclaredLink => ({
  kind: "uses",
  app,
  ports,
});

/**
 * Lets another app in that need not come after it, e.g. the operator that runs it.
 * @param ports of its own pods
 */
export const reachedBy = (from: AppReference, ...ports: readonly [Port, ...Port[]]): DeclaredLink => ({
  kind: "reached",
  from,
  ports,
});

/**
 * Talks to one name or address outside the cluster, e.g. `api.example.org`, `192.168.111.69` or `192.168.1.0/24`.
 * Refused: what the cluster itself owns (a host of an app or of the platform, a load-balancer address, a node, the VIP,
 * a Service, a pod), because a policy sees the pod or node behind it: `uses`, `reachesNodes` or `usesKubernetesApi`.
 * @param ports by default TCP 443
 */
export const egressTo = (to: string, ...ports: readonly Port[]): Link => ({
  kind: "egress",
  to,
  ports: ports.length > 0 ? ports : [Port.tcp(443)],
});

/**
 * Talks to any public address; never to the homelab's own networks. For crawlers and downloaders: prefer `egressTo`.
 * @param ports by default TCP 80 and 443
 */
export const egressToInternet = (...ports: readonly Port[]): Link => ({
  kind: "internet",
  ports: ports.length > 0 ? ports : [Port.tcp(80), Port.tcp(443)],
});

/** Lets metrics be collected from a port of its pods. */
export const scrapedBy = (by: typeof metrics, ...ports: readonly [number, ...number[]]): Link => ({
  kind: "scraped",
  by,
  ports: ports.map((port) => DeclaredPort.tcp(port)),
});

/** Talks to the Kubernetes API. */
export const usesKubernetesApi = (): Link => ({
  kind: "nodes",
  entities: ["kube-apiserver"],
  ports: [Port.tcp(API_SERVER_PORT)],
});

/**
 * Lets API servers call its webhooks and aggregated APIs, on whatever node they are. The ports that these have by
 * convention, 443, 6443, 8443, 9443 and 10250, are open without it.
 * @param ports of its pods
 */
export const calledByApiServer = (...ports: readonly [Port, ...Port[]]): Link => ({ kind: "webhook", ports });

/** Talks to ports of the nodes, e.g. the kubelet's 10250. The Talos API is refused by the proofs. */
export const reachesNodes = (...ports: readonly [Port, ...Port[]]): Link => ({
  kind: "nodes",
  entities: ["host", "remote-node"],
  ports,
});

/** Its pods talk to each other on these ports. */
export const talksToItself = (...ports: readonly [Port, ...Port[]]): Link => ({ kind: "itself", ports });
