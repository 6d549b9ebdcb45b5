/** Computes the amounts of a pod, by Kubernetes' rule for containers, init containers and sidecars. */
import type { RenderedContainer, RenderedPodSpec } from "../facts/rendered.ts";
import { Quantity } from "../values/quantity.ts";
import type { EffectiveResources } from "./limit-ranges.ts";

/** Amounts of one container. */
type Amounts = (container: RenderedContainer) => EffectiveResources;

export type Amount = "cpu" | "memory";

const larger = (a: Quantity, b: Quantity): Quantity => (b.isMoreThan(a) ? b : a);

/**
 * The pod's request or limit: its containers and sidecars together, or the most that it needs while it starts: each init
 * container runs with the sidecars before it. Source: k8s.io/component-helpers, `resource.PodRequests`.
 */
export const podAmount = (
  { containers, initContainers = [] }: RenderedPodSpec,
  kind: "requests" | "limits",
  resource: Amount,
  amountsOf: Amounts,
): Quantity => {
  const one = (container: RenderedContainer) =>
    Quantity.parse(String(amountsOf(container)[kind][resource] ?? "0"));
  let sidecars = Quantity.ZERO;
  let starting = Quantity.ZERO;
  for (const container of initContainers) {
    if (container.restartPolicy === "Always") sidecars = sidecars.plus(one(container));
    starting = larger(
      starting,
      container.restartPolicy === "Always" ? sidecars : sidecars.plus(one(container)),
    );
  }
  return larger(starting, Quantity.sum(containers.map(one)).plus(sidecars));
};
