/** What namespaces may request: what the pods of their apps need, and no round size. */
import { Quantity } from "../core/values/quantity.ts";
import type { NamespaceRequests } from "../governance/sizes.ts";
import { needIn, type PodEnvironment, sizeOf } from "./app-pods.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { ValuesEnvironment } from "./values-environment.ts";

/**
 * Requests by namespace, after admission, with the pods that updates add: that is the room. A namespace whose apps have
 * no pods is left out, and keeps what its size allows: nothing says what its pods need.
 */
export const namespaceRequests = (
  apps: Iterable<ResolvedApp>,
  environment: PodEnvironment & Pick<ValuesEnvironment, "namespaces">,
): ReadonlyMap<string, NamespaceRequests> => {
  const sums = new Map<string, Readonly<Record<"cpu" | "memory", Quantity>>>();
  for (const app of apps) {
    const { pods, requests } = needIn(app, environment, sizeOf(app, environment));
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
