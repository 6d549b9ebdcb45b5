/** The amounts that a pod asks of its node and of its namespace's quota, by Kubernetes' own rule. */
import type { RenderedContainer, RenderedPodSpec } from "../facts/rendered.ts";
import { Quantity } from "../values/quantity.ts";

/** Amounts of both resources that the scheduler counts. */
export interface ComputeAmount {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

const amountOf = (
  { resources }: RenderedContainer,
  what: "requests" | "limits",
  resource: "cpu" | "memory",
) => {
  const stated = resources?.[what]?.[resource];
  return stated === undefined ? Quantity.ZERO : Quantity.parse(String(stated));
};

const larger = (one: Quantity, other: Quantity): Quantity => (one.isMoreThan(other) ? one : other);

/**
 * Containers run together, and with them sidecars (init containers with `restartPolicy: Always`); other init containers
 * run one by one, beside the sidecars before them. The pod asks for the largest of those sums.
 * Source: k8s.io/component-helpers v0.34, resource, `PodRequests`.
 */
export const podAmount = (
  { containers, initContainers = [] }: Pick<RenderedPodSpec, "containers" | "initContainers">,
  what: "requests" | "limits",
): ComputeAmount => {
  const of = (resource: "cpu" | "memory"): Quantity => {
    let sidecars = Quantity.ZERO;
    let starting = Quantity.ZERO;
    for (const container of initContainers) {
      const together = Quantity.sum([sidecars, amountOf(container, what, resource)]);
      starting = larger(starting, together);
      if (container.restartPolicy === "Always") sidecars = together;
    }
    const running = Quantity.sum([
      sidecars,
      ...containers.map((container) => amountOf(container, what, resource)),
    ]);
    return larger(running, starting);
  };
  return { cpu: of("cpu"), memory: of("memory") };
};
