import { forEachMember } from "../evaluator/bitset.ts";
import type { Identity } from "../evaluator/identities.ts";
import type { ReachabilityMatrix } from "../evaluator/matrix.ts";
import type { DeclaredFlows } from "./declared.ts";
import type { ProofFlow } from "./flow.ts";
import { isTrusted } from "./open-pairs.ts";

/** A half of a flow that is open while the other one is closed: whoever opens that one opens the flow. */
export interface HalfOpen {
  readonly direction: "ingress" | "egress";
  readonly from: Identity;
  readonly to: Identity;
  readonly port: Pick<ProofFlow, "protocol" | "port">;
}

/** Halves that let through what no allowance declares, the first port of each pair. */
export const halfOpen = (
  identities: readonly Identity[],
  ports: readonly Pick<ProofFlow, "protocol" | "port">[],
  matrix: ReachabilityMatrix,
  declared: DeclaredFlows,
): HalfOpen[] => {
  const members: Identity[][] = Array.from({ length: matrix.classCount }, () => []);
  for (const identity of identities) members[matrix.classOf(identity.id)]?.push(identity);
  const found = new Map<string, HalfOpen>();
  const judge = (direction: HalfOpen["direction"], own: number, other: number, at: number): void => {
    const [source, destination] = direction === "ingress" ? [other, own] : [own, other];
    const port = ports[at];
    if (!port || matrix.decisionOfClasses(source, destination, at) !== "denied") return;
    for (const from of members[source] ?? [])
      for (const to of members[destination] ?? []) {
        const key = `${direction} ${from.id} ${to.id}`;
        if (from === to || found.has(key) || isTrusted(from, to) || declared.declares(from, to, port))
          continue;
        found.set(key, { direction, from, to, port });
      }
  };
  for (const direction of ["ingress", "egress"] as const)
    for (let own = 0; own < matrix.classCount; own++)
      for (let at = 0; at < ports.length; at++) {
        const open = matrix.halfOpen(direction, own, at);
        if (open) forEachMember(open, (other) => judge(direction, own, other, at));
      }
  return [...found.values()];
};
