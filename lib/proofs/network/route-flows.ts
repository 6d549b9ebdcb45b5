import type { Allowance } from "../../network/allowance.ts";
import type { ProofFlow } from "./flow.ts";
import type { Inventory } from "./inventory.ts";
import { isPeer } from "./peers.ts";

/**
 * The flows that allowances promise: from everything that is one end to everything that is the other, replicas of one
 * workload included, on the first and the last port of each range. What nothing in the inventory stands for promises nothing.
 */
export const routeFlows = (allowances: readonly Allowance[], { identities }: Inventory): ProofFlow[] =>
  allowances.flatMap(({ name, routes }) =>
    routes.flatMap(({ from, to, ports }) =>
      identities
        .filter((source) => isPeer(from, source))
        .flatMap((source) =>
          identities
            .filter((destination) => isPeer(to, destination))
            .flatMap((destination) =>
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
