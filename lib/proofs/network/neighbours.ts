/** The GitOps side beside ours: its pods as identities, and the flows that its objects say it needs. */
import type { GitopsFacts, GitopsNeed } from "../../../environments/recorded/gitops-facts.ts";
import type { Evaluator } from "../evaluator/evaluator.ts";
import type { Identity, PodIdentity } from "../evaluator/identities.ts";
import type { Demand, NetworkInventory } from "./inventory.ts";
import { isPeer, Members } from "./peers.ts";

export type Neighbours = Pick<GitopsFacts, "pods" | "policies" | "needs" | "namespaces" | "unread">;

/** The pods of the other side; an Application of which none is known is a pod without labels. */
export const neighbourPods = ({ pods, unread, namespaces }: Neighbours): PodIdentity[] => [
  ...[
    ...unread.map(({ app, namespace }) => ({ id: `${namespace}/${app}`, namespace, labels: {} })),
    ...pods.map(({ app: _, ...pod }) => pod),
  ].map((pod): PodIdentity => ({ ...pod, kind: "pod", namespaceLabels: namespaces[pod.namespace] ?? {} })),
];

/** Known identities with those of the other side; a pod that both know carries the labels that the other side renders. */
export const withNeighbours = (known: readonly Identity[], neighbours: Neighbours): Identity[] => {
  const all = [...known, ...neighbourPods(neighbours)];
  const byId = new Map(all.map((identity) => [identity.id, identity]));
  const ends = new Set(neighbours.needs.flatMap(({ from, to }) => [from, to]));
  return [...byId.values(), ...[...ends].filter((id) => !byId.has(id)).map(outside)];
};

/** A host by its name, at an address that is kept for tests, or an address. */
const outside = (id: string, index: number): Identity =>
  /^[\d.]+$/.test(id)
    ? { id, kind: "cidr", cidr: `${id}/32` }
    : { id, kind: "cidr", cidr: `198.19.${index >> 8}.${index & 255}/32`, dnsNames: [id] };

/** Needs that are open under the policies of today and not under those of tomorrow; today is asked only where it must. */
export const closedNeeds = (
  needs: readonly GitopsNeed[],
  after: Evaluator,
  today: () => Evaluator,
): readonly GitopsNeed[] => {
  const closed = needs.filter((need) => after.evaluate(need).decision !== "allowed");
  if (closed.length === 0) return [];
  const evaluator = today();
  return closed.filter((need) => evaluator.evaluate(need).decision === "allowed");
};

/**
 * The inventory with those pods of the other side that a route selects and that nothing known stands for. A pod that both
 * know carries the labels of both.
 */
export const withSelected = (
  all: NetworkInventory,
  demands: readonly Demand[],
  neighbours: readonly PodIdentity[],
): NetworkInventory => {
  const ends = new Set(demands.flatMap(({ routes }) => routes.flatMap(({ from, to }) => [from, to])));
  const members = new Members(all.identities);
  const strange = [...ends].filter((peer) => peer.target.kind === "endpoints" && members.of(peer).size === 0);
  const found = neighbours.filter((pod) => strange.some((peer) => isPeer(peer, pod)));
  if (found.length === 0) return all;
  const byId = new Map(found.map((pod) => [pod.id, pod]));
  const merged = <T extends Identity>(identity: T): T => {
    const pod = byId.get(identity.id);
    return pod && identity.kind === "pod"
      ? { ...identity, labels: { ...pod.labels, ...identity.labels } }
      : identity;
  };
  const added = found.filter(({ id }) => !all.pods.some((pod) => pod.id === id));
  return {
    identities: [...all.identities.map(merged), ...added],
    pods: [...all.pods.map(merged), ...added],
    apps: [...all.apps.map(merged), ...added],
  };
};
