import { API_SERVER_PORT } from "../core/platform/api-server.ts";
import { Allowance, type Route } from "./allowance.ts";
import { Peer } from "./peer.ts";
import { platformPods } from "./platform-pods.ts";
import { Port } from "./port.ts";

/** Addresses that are no internet: RFC 1918, carrier-grade NAT and link-local, where clouds keep their secrets. */
const NOT_INTERNET = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Reviewed sets of flows that a namespace picks by name. A namespace without any gets what every pod gets: DNS.
 *
 * | profile | opens |
 * |---|---|
 * | `web` | Traefik → the namespace's pods, TCP 80 and 1024–65535 |
 * | `internet` | the namespace's pods → the internet, TCP 80 and 443; no private address |
 * | `monitored` | the metrics agent → the namespace's pods, TCP 1024–65535 |
 * | `neighbours` | the namespace's pods among each other, every TCP and UDP port |
 * | `kubernetes-api` | the namespace's pods → the API server |
 */
export const PROFILES = {
  web: (pods: Peer): Route => ({
    from: platformPods.traefik.peer,
    to: pods,
    ports: [Port.tcp(80), Port.tcp(1024, 65535)],
  }),
  internet: (pods: Peer): Route => ({
    from: pods,
    to: Peer.cidr("0.0.0.0/0", NOT_INTERNET),
    ports: [Port.tcp(80), Port.tcp(443)],
  }),
  monitored: (pods: Peer): Route => ({
    from: platformPods.scraper.peer,
    to: pods,
    ports: [Port.tcp(1024, 65535)],
  }),
  neighbours: (pods: Peer): Route => ({
    from: pods,
    to: pods,
    ports: [Port.tcp(1, 65535), Port.udp(1, 65535)],
  }),
  "kubernetes-api": (pods: Peer): Route => ({
    from: pods,
    to: Peer.entities("kube-apiserver"),
    ports: [Port.tcp(API_SERVER_PORT)],
  }),
} as const satisfies Record<string, (pods: Peer) => Route>;

export type ProfileName = keyof typeof PROFILES;

/** The allowance that a namespace's profiles make, `profile-<namespace>`; none without a profile. */
export const profileAllowances = (namespace: string, profiles: readonly ProfileName[]): Allowance[] =>
  profiles.length === 0
    ? []
    : [
        new Allowance({
          name: `profile-${namespace}`,
          why: `Profiles of the namespace ${namespace}: ${profiles.join(", ")}.`,
          routes: profiles.map((profile) => PROFILES[profile](Peer.namespace(namespace))),
        }),
      ];
