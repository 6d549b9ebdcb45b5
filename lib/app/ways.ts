/** Ways to an app beside the Ingress of its host. */
import type { EnvironmentShape } from "../../environments/shape.ts";
import { Peer } from "../network/peer.ts";
import { platformPods } from "../network/platform-pods.ts";

/** A way in of an environment. */
export type Way = NonNullable<EnvironmentShape["edge"]["ways"]>[string];

/** A name of an app, by one of the ways in. */
export interface NamedWay {
  /** The way's name in the environment. */
  readonly by: string;
  readonly host: string;
  readonly authentication: "on" | "off";
  /** Undefined where the environment has no such way. */
  readonly way: Way | undefined;
}

/**
 * The peer that connects to the pods behind a way. Cilium's own gateway does so from its proxy on the node, which policies know as
 * the entity `ingress`. Source: https://docs.cilium.io/en/v1.18/network/servicemesh/ingress-and-network-policy
 */
export const servedFrom = (way: Way): Peer => {
  if (way.kind === "gateway" && way.class === "cilium") return Peer.entities("ingress");
  return way.pods ? Peer.workload(way.pods.namespace, { ...way.pods.labels }) : platformPods.traefik.peer;
};
