import { type Identity, isEndpoint } from "../evaluator/identities.ts";
import type { ReachabilityMatrix } from "../evaluator/matrix.ts";
import type { ProofFlow } from "./flow.ts";

type Ports = Pick<ProofFlow, "protocol" | "port">;

export interface OpenPair {
  readonly from: Identity;
  readonly to: Identity;
  /** Not certainly denied: a flow of unknown verdict counts as open. */
  readonly ports: readonly Ports[];
}

/**
 * Every pair with an endpoint that has an open port, decided once for all identities of two classes.
 * @param ports those of the matrix
 */
export const openPairs = (
  identities: readonly Identity[],
  ports: readonly Ports[],
  matrix: ReachabilityMatrix,
): OpenPair[] => {
  const classes = new Map<number, [Identity, ...Identity[]]>();
  for (const identity of identities) {
    const number = matrix.classOf(identity.id);
    const members = classes.get(number);
    if (members) members.push(identity);
    else classes.set(number, [identity]);
  }
  return [...classes].flatMap(([from, sources]) =>
    [...classes].flatMap(([to, destinations]) => {
      if (matrix.isClosed(from, to)) return [];
      if (!isEndpoint(sources[0], {}) && !isEndpoint(destinations[0], {})) return [];
      const open = ports.filter((_, port) => matrix.decisionOfClasses(from, to, port) !== "denied");
      return open.length === 0 ? [] : pairs(sources, destinations).map((pair) => ({ ...pair, ports: open }));
    }),
  );
};

const pairs = (sources: readonly Identity[], destinations: readonly Identity[]) =>
  sources.flatMap((from) => destinations.filter((to) => to !== from).map((to) => ({ from, to })));

/** A node always reaches its own pods; ends that no policy of ours selects are not the subject of this proof. */
export const isTrusted = (from: Identity, to: Identity): boolean =>
  from.kind === "host" || from.kind === "ingress" || to.kind === "ingress";
