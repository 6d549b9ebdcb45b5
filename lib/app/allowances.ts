/** The flows that an app declares, as an allowance under default deny. */
import { Allowance, type Route } from "../network/allowance.ts";
import { Peer } from "../network/peer.ts";
import { platformPods } from "../network/platform-pods.ts";
import { Port } from "../network/port.ts";
import { PROFILES } from "../network/profiles.ts";
import type { AppDeclaration, Link } from "./declaration.ts";
import { isOnHostNetwork, podsOf, type ResolvedApp } from "./resolved-app.ts";

/** The nodes' own processes, and pods on their network. */
const NODES = Peer.entities("host", "remote-node");
/** API servers; through the tunnel one of another node arrives as remote-node. */
const API_SERVERS = Peer.entities("kube-apiserver", "remote-node");
/** Clients of a load-balancer address, and the node that translated theirs. */
const OUTSIDE = Peer.entities("world", "remote-node", "host");

/**
 * The allowance `app-<name>`; undefined when the app opens nothing that a policy can decide.
 * @param others every app of the environment
 */
export const appAllowance = (
  app: ResolvedApp,
  others: ReadonlyMap<AppDeclaration, ResolvedApp>,
): Allowance | undefined => {
  const routes = app.links.flatMap((link) => linkRoutes(link, app, others));
  return routes.length === 0
    ? undefined
    : new Allowance({ name: `app-${app.name}`, why: `What the app ${app.name} declares.`, routes });
};

const endOf = (app: ResolvedApp): Peer => (isOnHostNetwork(app) ? NODES : podsOf(app));

/** The routes of one link. */
export const linkRoutes = (
  link: Link,
  app: ResolvedApp,
  others: ReadonlyMap<AppDeclaration, ResolvedApp>,
): Route[] => {
  const pods = endOf(app);
  // What a pod on the node's network sends is the node's own traffic: no policy of a pod decides it.
  const isNode = isOnHostNetwork(app);
  switch (link.kind) {
    case "exposed": {
      const ports = link.ports.length > 0 ? link.ports : own(app);
      if (link.by.kind === "gateway") return route(platformPods.traefik.peer, pods, ports);
      if (link.by.kind === "way") return route(link.by.from, pods, ports);
      return isNode ? [] : route(OUTSIDE, pods, ports);
    }
    case "scraped":
      return route(platformPods.scraper.peer, pods, link.ports);
    case "uses": {
      const other = others.get(link.app);
      if (!other || (isNode && isOnHostNetwork(other))) return [];
      return route(pods, endOf(other), link.ports.length > 0 ? link.ports : own(other));
    }
    case "reached": {
      const other = others.get(link.from);
      return !other || (isNode && isOnHostNetwork(other)) ? [] : route(endOf(other), pods, link.ports);
    }
    case "egress":
      return isNode ? [] : route(pods, outsidePeer(link.to), link.ports);
    case "internet":
      return isNode ? [] : route(pods, PROFILES.internet(pods).to, link.ports);
    case "nodes":
      return isNode ? [] : route(pods, Peer.entities(...link.entities), link.ports);
    case "webhook":
      return isNode ? [] : route(API_SERVERS, pods, link.ports);
    case "itself":
      return isNode ? [] : route(pods, pods, link.ports);
  }
};

const route = (from: Peer, to: Peer, ports: readonly Port[]): Route[] =>
  ports.length === 0 ? [] : [{ from, to, ports }];

const own = ({ port }: ResolvedApp): Port[] => (port === undefined ? [] : [Port.tcp(port)]);

/** An address, a subnet, or an exact name. Throws on anything else. */
export const outsidePeer = (to: string): Peer => {
  if (/^[\d.]+$/.test(to)) return Peer.cidr(`${to}/32`);
  return /^[\d.]+\/\d+$/.test(to) ? Peer.cidr(to) : Peer.fqdn(to);
};
