import type { ProofFlow } from "./flow.ts";
import type { Demand, NetworkInventory } from "./inventory.ts";
import { Members } from "./peers.ts";

/**
 * The flows that demands ask for: from everything that is one end to everything that is the other, replicas of one
 * workload included, on the first and the last port of each range. What nothing in the inventory stands for asks for nothing.
 */
export const routeFlows = (demands: readonly Demand[], { identities }: NetworkInventory): ProofFlow[] => {
  const members = new Members(identities);
  return demands.flatMap(({ name, routes }) =>
    routes.flatMap(({ from, to, ports }) =>
      [...members.of(from)].flatMap((source) =>
        [...members.of(to)].flatMap((destination) =>
          ports.flatMap(({ protocol, start, end }) =>
            [...new Set([start, end])].map((port) => ({
              name: "declared",
              from: source.id,
              to: destination.id,
              protocol,
              port,
              allowance: name,
            })),
          ),
        ),
      ),
    ),
  );
};
