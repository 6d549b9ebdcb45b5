/** The flows that an app declares. What it does not declare stays closed. */

import type { PerEnvironment } from "../../environments/names.ts";
import type { Entity } from "../network/peer.ts";
import { Port } from "../network/port.ts";
import type { AppDeclaration } from "./declaration.ts";

/** An address of the static range for a Service of its own, in each environment that the app lives in. */
export interface LoadBalancer {
  readonly kind: "load-balancer";
  readonly address: PerEnvironment<string>;
}

/** Traefik, which ends TLS. Without a host the app is reachable through it by routes of its own. */
export const gateway = { kind: "gateway" } as const;

/** The agent that collects metrics. */
export const metrics = { kind: "metrics" } as const;

/** @param address e.g. `{ prod: "192.168.201.72" }` */
export const loadBalancer = (address: PerEnvironment<string>): LoadBalancer => ({
  kind: "load-balancer",
  address,
});

/** One thing that an app may do, or that may be done to it. */
export type Link =
  | { readonly kind: "exposed"; readonly by: typeof gateway | LoadBalancer; readonly ports: readonly Port[] }
  | { readonly kind: "uses"; readonly app: AppDeclaration; readonly ports: readonly Port[] }
  | { readonly kind: "reached"; readonly from: AppDeclaration; readonly ports: readonly Port[] }
  | { readonly kind: "egress"; readonly to: string; readonly ports: readonly Port[] }
  | { readonly kind: "internet"; readonly ports: readonly Port[] }
  | { readonly kind: "scraped"; readonly by: typeof metrics; readonly ports: readonly Port[] }
  | {
      readonly kind: "nodes";
      readonly entities: readonly [Entity, ...Entity[]];
      readonly ports: readonly Port[];
    }
  | { readonly kind: "itself"; readonly ports: readonly Port[] };

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
export const uses = (app: AppDeclaration, ...ports: readonly Port[]): Link => ({ kind: "uses", app, ports });

/**
 * Lets another app in that need not come after it, e.g. the operator that runs it.
 * @param ports of its own pods
 */
export const reachedBy = (from: AppDeclaration, ...ports: readonly [Port, ...Port[]]): Link => ({
  kind: "reached",
  from,
  ports,
});

/**
 * Talks to one name or address outside the cluster, e.g. `api.example.org`, `192.168.111.69` or `192.168.111.0/24`.
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
  ports: ports.map((port) => Port.tcp(port)),
});

/** Talks to the Kubernetes API. */
export const usesKubernetesApi = (): Link => ({
  kind: "nodes",
  entities: ["kube-apiserver"],
  ports: [Port.tcp(6443)],
});

/** Talks to ports of the nodes, e.g. the kubelet's 10250. The Talos API is refused by the proofs. */
export const reachesNodes = (...ports: readonly [Port, ...Port[]]): Link => ({
  kind: "nodes",
  entities: ["host", "remote-node"],
  ports,
});

/** Its pods talk to each other on these ports. */
export const talksToItself = (...ports: readonly [Port, ...Port[]]): Link => ({ kind: "itself", ports });
