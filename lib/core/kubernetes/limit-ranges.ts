/** Applies a LimitRange to a container, and says why the API server would refuse it. */
import type { RenderedContainer, ResourceAmounts } from "../facts/rendered.ts";
import { Quantity } from "../values/quantity.ts";

/** A LimitRange of type Container, each amount by resource. */
export interface ContainerLimits {
  readonly defaultRequest: ResourceAmounts;
  readonly defaultLimit: ResourceAmounts;
  readonly max: ResourceAmounts;
}

/** Requests and limits that a container ends up with. */
interface EffectiveResources {
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
}

/**
 * The resources that a container gets, in the order of the API server: a request that is missing is the declared
 * limit, then the range's defaults fill what is still missing.
 */
export const effectiveResources = (
  { resources = {} }: Pick<RenderedContainer, "resources">,
  { defaultRequest, defaultLimit }: ContainerLimits,
): EffectiveResources => {
  const { requests = {}, limits = {} } = resources;
  return {
    requests: { ...defaultRequest, ...limits, ...requests },
    limits: { ...defaultLimit, ...limits },
  };
};

const quantity = (amount: string | number): Quantity => Quantity.parse(String(amount));

/** The reasons why a container would be forbidden, with the arithmetic; empty when it is let in. */
export const limitRangeProblems = (container: RenderedContainer, range: ContainerLimits): string[] => {
  const { requests, limits } = effectiveResources(container, range);
  const stated = (resource: string) =>
    limits[resource] === range.defaultLimit[resource] ? "the namespace's default limit" : "its limit";
  return Object.entries(limits).flatMap(([resource, limit]) => {
    const [request, max] = [requests[resource], range.max[resource]];
    return [
      ...(max !== undefined && quantity(limit).isMoreThan(quantity(max))
        ? [`${resource}: ${stated(resource)} ${limit} is more than the ${max} that its namespace allows`]
        : []),
      ...(request !== undefined && quantity(request).isMoreThan(quantity(limit))
        ? [`${resource}: its request ${request} is more than ${stated(resource)} ${limit}`]
        : []),
    ];
  });
};
