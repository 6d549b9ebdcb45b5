/** Requests of namespaces: as much as the pods of their apps need, and no round size. */
import { Quantity } from "../core/values/quantity.ts";
import type { NamespaceRequests } from "../governance/sizes.ts";
import { needIn, type PodEnvironment, sizeOf } from "./app-pods.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { NamespaceNeed } from "./sizes.ts";
import type { ValuesEnvironment } from "./values-environment.ts";

type Place = PodEnvironment & Pick<ValuesEnvironment, "namespaces">;

/** The need of an app, computed once: where many sets of the same apps are compared. */
export const needsOnce = (environment: Place): ((app: ResolvedApp) => NamespaceNeed) => {
  const known = new WeakMap<ResolvedApp, NamespaceNeed>();
  return (app) => {
    const need = known.get(app) ?? needIn(app, environment, sizeOf(app, environment));
    known.set(app, need);
    return need;
  };
};

/**
 * Requests by namespace, after admission, with the pods that updates add: that is the room. A namespace whose apps have
 * no pods is left out, and keeps what its size allows: nothing says what its pods need.
 */
export const namespaceRequests = (
  apps: Iterable<ResolvedApp>,
  environment: Place,
  needs: (app: ResolvedApp) => NamespaceNeed = (app) => needIn(app, environment, sizeOf(app, environment)),
): ReadonlyMap<string, NamespaceRequests> => {
  const sums = new Map<string, Readonly<Record<"cpu" | "memory", Quantity>>>();
  for (const app of apps) {
    const { pods, requests } = needs(app);
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
