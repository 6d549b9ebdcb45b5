import { distance } from "fastest-levenshtein";
import type { Peer } from "../../network/peer.ts";
import type { Demand, NetworkInventory } from "./inventory.ts";
import { Members } from "./peers.ts";

const SUGGESTIONS = 2;

/** Ends of demands that select no pod there is, a line each: a typo selects nobody, and nobody lives by it. */
export const nobodySelected = (
  demands: readonly Demand[],
  { pods, identities }: NetworkInventory,
): string[] => {
  const members = new Members(identities);
  const exists = (peer: Peer) => members.of(peer).size > 0;
  const names = () => [...new Set(pods.flatMap(({ id, namespace }) => [id, `${namespace}/*`]))];
  const nearest = (label: string) =>
    names()
      .toSorted((a, b) => distance(a, label) - distance(b, label))
      .slice(0, SUGGESTIONS);
  const lines = demands.flatMap(({ name, routes }) =>
    routes
      .flatMap(({ from, to }) => [from, to])
      .filter((peer) => peer.target.kind === "endpoints" && !exists(peer))
      .map(
        ({ label }) =>
          `${name}: must select a pod that exists, of an app or of the platform; nearest ${nearest(label).join(" or ")}: got ${label}`,
      ),
  );
  return [...new Set(lines)];
};
