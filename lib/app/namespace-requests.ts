/** What namespaces may request: what the pods of their apps need, and no round size. */
import { Quantity } from "../core/values/quantity.ts";
import type { NamespaceRequests } from "../governance/sizes.ts";
import { namespaceNeed, type ResolvedApp } from "./resolved-app.ts";

/**
 * Requests by namespace, each app with the pod that its update adds: that is the room. A namespace whose apps have no
 * pods is left out, and keeps what its size allows: nothing says what its pods need.
 */
export const namespaceRequests = (apps: Iterable<ResolvedApp>): ReadonlyMap<string, NamespaceRequests> => {
  const sums = new Map<string, Readonly<Record<"cpu" | "memory", Quantity>>>();
  for (const app of apps) {
    const { pods, requests } = namespaceNeed(app);
    const { cpu, memory } = sums.get(app.namespace) ?? { cpu: Quantity.ZERO, memory: Quantity.ZERO };
    if (pods === 0) continue;
    sums.set(app.namespace, {
      cpu: Quantity.sum([cpu, requests.cpu]),
      memory: Quantity.sum([memory, requests.memory]),
    });
  }
  return new Map(
    [...sums].map(([namespace, { cpu, memory }]) => [
      namespace,
      { cpu: String(cpu), memory: String(memory) },
    ]),
  );
};
