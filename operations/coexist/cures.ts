/** The lines of an environment that keep a flow open under default deny. */

import type { GitopsPod } from "../../environments/recorded/gitops-facts.ts";
import type { Environment } from "../../environments/schema.ts";
import { Subnet } from "../../lib/core/values/subnet.ts";
import { Allowance } from "../../lib/network/allowance.ts";
import { exceptionAllowance, type NetworkException, type PeerData } from "../../lib/network/exceptions.ts";
import { Peer } from "../../lib/network/peer.ts";
import { type PlatformPod, platformPods } from "../../lib/network/platform-pods.ts";
import { PROFILES, type ProfileName } from "../../lib/network/profiles.ts";
import { ENDS } from "../../lib/proofs/network/inventory.ts";
import { isEveryPort, type LostNeed } from "./compare.ts";

export interface Cure {
  /** Line as it stands in the environment. */
  readonly text: string;
  /** The allowance that the line makes. */
  readonly allowance: Allowance;
}

interface Flow {
  readonly from: string;
  readonly to: string;
  readonly ports: NetworkException["ports"];
}

/** The lines that together keep what is lost open: profiles where one does it, exceptions elsewhere. */
export const curesOf = (
  lost: LostNeed,
  pods: readonly GitopsPod[],
  { name, namespaces, networkPolicy }: Pick<Environment, "name" | "namespaces" | "networkPolicy">,
): Cure[] => {
  const known = new Map<string, End>([
    ...Object.values(platformPods).map((pod): [string, End] => [pod.id, pod]),
    ...pods.map((pod): [string, End] => [pod.id, pod]),
  ]);
  const ports = portsOf(lost);
  const cures = lost.from.flatMap((from) =>
    lost.to
      .filter((to) => to !== from)
      .map((to): Cure => {
        const flow = { from, to, ports };
        const profile = profileOf(flow, known);
        const isOurs = namespaces.some((one) => one.name === profile?.namespace);
        return profile && isOurs
          ? profileCure(name, profile.namespace, profile.name)
          : exceptionCure(
              name,
              flow,
              known,
              networkPolicy.exceptions.map((one) => one.name),
            );
      }),
  );
  return [...new Map(cures.map((cure) => [cure.text, cure])).values()];
};

type End = Pick<GitopsPod | PlatformPod, "id" | "namespace" | "labels">;

/** Ports as an exception names them; those of a rule without ports are all of a protocol. */
const portsOf = ({ ports }: LostNeed): Flow["ports"] => {
  const all = ports.map((text) => {
    const [port, protocol] = text.split("/");
    return { protocol: protocol as "TCP" | "UDP", port: Number(port) };
  });
  if (!isEveryPort(ports)) return all;
  return [...new Set(all.map(({ protocol }) => protocol))].map((protocol) => ({
    protocol,
    port: 1,
    endPort: 65535,
  }));
};

/** The profile that a flow needs, with the namespace that has to pick it. */
const profileOf = (
  { from, to, ports }: Flow,
  pods: ReadonlyMap<string, End>,
): { readonly namespace: string; readonly name: ProfileName } | undefined => {
  const [source, destination] = [pods.get(from)?.namespace, pods.get(to)?.namespace];
  const every = (fits: (port: number) => boolean) =>
    ports.every(({ protocol, port, endPort }) => protocol === "TCP" && endPort === undefined && fits(port));
  const isHigh = (port: number) => port >= 1024;
  if (
    destination !== undefined &&
    from === platformPods.traefik.id &&
    every((port) => port === 80 || isHigh(port))
  )
    return { namespace: destination, name: "web" };
  if (destination !== undefined && from === platformPods.scraper.id && every(isHigh))
    return { namespace: destination, name: "monitored" };
  if (source === undefined) return undefined;
  if (to === ENDS.apiServer) return { namespace: source, name: "kubernetes-api" };
  return source === destination ? { namespace: source, name: "neighbours" } : undefined;
};

const profileCure = (environment: string, namespace: string, profile: ProfileName): Cure => ({
  text: `environments/${environment}.ts, namespaces, ${namespace}: profiles: [… "${profile}"]`,
  allowance: new Allowance({
    name: `cure-${namespace}-${profile}`,
    why: "cure",
    routes: [PROFILES[profile](Peer.namespace(namespace))],
  }),
});

const exceptionCure = (
  environment: string,
  { from, to, ports }: Flow,
  pods: ReadonlyMap<string, End>,
  taken: readonly string[],
): Cure => {
  const short = (id: string) =>
    id
      .split("/")
      .at(-1)
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-") ?? id;
  const base = `${short(from)}-${short(to)}`;
  const exception: Omit<NetworkException, "reason" | "reviewBy"> = {
    name: taken.includes(base) ? `${base}-2` : base,
    from: peerData(from, pods),
    to: peerData(to, pods),
    ports,
  };
  return {
    text: `environments/${environment}.ts, networkPolicy.exceptions: ${written({ ...exception, reason: "…", reviewBy: "…" })}`,
    allowance: exceptionAllowance({ ...exception, reason: "cure", reviewBy: "9999-12-31" }),
  };
};

const ENTITIES: Readonly<Record<string, PeerData>> = {
  [ENDS.world]: { entity: "world" },
  [ENDS.apiServer]: { entity: "kube-apiserver" },
  [ENDS.remoteNode]: { entity: "remote-node" },
  [ENDS.host]: { entity: "host" },
};

/** Labels that tell a workload's pods apart, the first that a pod has. */
const NAMES = [
  "app.kubernetes.io/name",
  "app.kubernetes.io/component",
  "app.kubernetes.io/instance",
  "k8s-app",
  "app",
];

const peerData = (id: string, pods: ReadonlyMap<string, End>): PeerData => {
  const pod = pods.get(id);
  if (pod) {
    const own = Object.entries(pod.labels).filter(([key]) => NAMES.includes(key));
    const labels = Object.fromEntries(own.length > 0 ? own : Object.entries(pod.labels));
    return { namespace: pod.namespace, ...(Object.keys(labels).length > 0 && { labels }) };
  }
  const entity = ENTITIES[id];
  if (entity) return entity;
  if (id.includes("/")) return { namespace: id.split("/")[0] ?? id };
  return /^[\d.]+$/.test(id) ? { cidr: Subnet.parse(`${id}/32`) } : { fqdn: id };
};

/** As TypeScript has it. */
const written = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/"([A-Za-z]\w*)":/g, "$1: ")
    .replaceAll(",", ", ");
