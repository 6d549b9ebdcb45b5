import type { Peer } from "./peer.ts";
import type { Port } from "./port.ts";

/** Flows that nodes let in, or let out. */
export interface HostAllowance {
  /** The policy is `platform-host-<name>`. */
  readonly name: string;
  /** The reason for the flow; stands in the policy's description and in reports. */
  readonly why: string;
  /** The nodes that it holds for: all of them, or those with an API server. */
  readonly nodes: "all" | "control planes";
  /** Sources of ingress, destinations of egress. */
  readonly peers: readonly Peer[];
  readonly ports: readonly Port[];
}
