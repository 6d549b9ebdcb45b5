/** The flows of an app to and from others: what is allowed, by which allowance, and what the policies make of it. */
import type { ResolvedApp } from "../../lib/app/resolved-app.ts";
import { isOnHostNetwork } from "../../lib/app/resolved-app.ts";
import type { Allowance, Route } from "../../lib/network/allowance.ts";
import type { Peer } from "../../lib/network/peer.ts";
import type { Port } from "../../lib/network/port.ts";
import type { Identity, PodIdentity } from "../../lib/proofs/evaluator/identities.ts";
import { isPeer } from "../../lib/proofs/network/peers.ts";
import { answer } from "../reach/question.ts";
import type { SynthesizedNetwork } from "../reach/synthesized.ts";

export interface ExplainedFlow {
  readonly from: string;
  readonly to: string;
  /** E.g. `80/TCP`. */
  readonly ports: readonly string[];
  /** The allowance that declares it. */
  readonly allowance: string;
  /** Verdicts of the synthesized policies on each port; several when they differ. */
  readonly verdicts: readonly string[];
}

export const flowsOf = (
  app: ResolvedApp,
  allowances: readonly Allowance[],
  network: SynthesizedNetwork,
): ExplainedFlow[] => {
  const ends = identitiesOf(app);
  const isOwn = (peer: Peer) => ends.some((identity) => isPeer(peer, identity));
  return allowances.flatMap(({ name, routes }) =>
    routes
      // An app on the host network matches every route of its node, so only those of its own allowance count.
      .filter(
        ({ from, to }) => name === `app-${app.name}` || (!isOnHostNetwork(app) && (isOwn(from) || isOwn(to))),
      )
      .map((route) => ({
        from: labelOf(route.from, isOwn, app),
        to: labelOf(route.to, isOwn, app),
        ports: route.ports.map(String),
        allowance: name,
        verdicts: verdictsOf(route, isOwn, app, network),
      })),
  );
};

const identitiesOf = (app: ResolvedApp): Identity[] => [podOf(app)];

const podOf = ({ name, namespace, podLabels }: ResolvedApp): PodIdentity => ({
  id: `${namespace}/${name}`,
  kind: "pod",
  namespace,
  labels: podLabels,
});

/** `every pod` is this one here. */
const labelOf = (peer: Peer, isOwn: (peer: Peer) => boolean, app: ResolvedApp): string =>
  isOwn(peer) && peer.target.kind === "endpoints" ? `${app.namespace}/${app.name}` : peer.label;

const verdictsOf = (
  { from, to, ports }: Route,
  isOwn: (peer: Peer) => boolean,
  app: ResolvedApp,
  network: SynthesizedNetwork,
): string[] => {
  const own = `${app.namespace}/${labelsText(app.podLabels) || "*"}`;
  const names = (peer: Peer): string[] =>
    isOwn(peer) && peer.target.kind === "endpoints" ? [own] : questionNames(peer);
  const verdicts = names(from).flatMap((source) =>
    names(to).flatMap((destination) =>
      ports.map((port) => answer({ network, from: source, to: destination, port: first(port) }).verdict),
    ),
  );
  return [...new Set(verdicts)].sort();
};

const first = ({ protocol, start }: Port) => ({ protocol, port: start });

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

/** Names by which `npm run homelab -- reach` knows a peer: see `Directory`. */
const questionNames = ({ target }: Peer): string[] => {
  switch (target.kind) {
    case "entities":
      return [...target.entities];
    case "fqdn":
      return [`fqdn:${target.name}`];
    case "cidr":
      return [target.cidr === "0.0.0.0/0" ? "world" : target.cidr];
    case "endpoints": {
      const { matchLabels = {} } = target.selector;
      const { "k8s:io.kubernetes.pod.namespace": namespace, ...labels } = matchLabels;
      const bare = Object.entries(labels).map(([key, value]): [string, string] => [
        key.replace(/^k8s:/, ""),
        value,
      ]);
      return namespace === undefined ? [] : [`${namespace}/${labelsText(Object.fromEntries(bare)) || "*"}`];
    }
  }
};
