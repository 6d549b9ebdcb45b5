/** Ends of flows that are no apps. */
import type { PerEnvironment } from "../../environments/names.ts";
import type { Peer } from "../network/peer.ts";

/** An address of the static range for a Service of its own, in each environment that the app lives in. */
export interface LoadBalancer {
  /** Tells it from the gateway. */
  readonly kind: "load-balancer";
  /** The address in each environment, of its static range. */
  readonly address: PerEnvironment<string>;
}

/** A way in of an environment that an app has a name by, with who connects from there. */
export interface WayIn {
  readonly kind: "way";
  readonly from: Peer;
}

/** Traefik, which ends TLS. Without a host the app is reachable through it by routes of its own. */
export const gateway = { kind: "gateway" } as const;

/** The agent that collects metrics. */
export const metrics = { kind: "metrics" } as const;
