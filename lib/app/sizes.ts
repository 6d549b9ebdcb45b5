/** Sizes of apps: the resources that one pod asks for, by name. */

import { Quantity } from "../core/values/quantity.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../governance/sizes.ts";

export type AppSize = "xs" | "s" | "m" | "l" | "xl";

export interface PodResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/**
 * The named sizes of a pod: the burstable ones of the homelab's sizing table, from `B-nano` to `B-xlarge`, so that its
 * admission policy gives a container what is declared here. Memory may double before the pod is killed; CPU may burst, because a quota needs every
 * container to state a limit.
 */
export const APP_SIZES: Readonly<Record<AppSize, PodResources>> = {
  xs: { requests: { cpu: "5m", memory: "64Mi" }, limits: { cpu: "50m", memory: "128Mi" } },
  s: { requests: { cpu: "25m", memory: "256Mi" }, limits: { cpu: "250m", memory: "512Mi" } },
  m: { requests: { cpu: "50m", memory: "512Mi" }, limits: { cpu: "500m", memory: "1Gi" } },
  l: { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
  xl: { requests: { cpu: "200m", memory: "2Gi" }, limits: { cpu: "2", memory: "4Gi" } },
};

/** The need of an app, as its namespace's quota counts it. */
export interface NamespaceNeed {
  /** Of all its pods together, those that an update adds included. */
  readonly requests: { readonly cpu: Quantity; readonly memory: Quantity };
  readonly limits: { readonly cpu: Quantity; readonly memory: Quantity };
  readonly pods: number;
  /** The most that one of its containers may have. */
  readonly largest: { readonly cpu: Quantity; readonly memory: Quantity };
  /** Sum of what its claims ask for. */
  readonly storage: Quantity;
  readonly claims: number;
  readonly loadBalancers: number;
}

/** Why the need does not fit a namespace of a size, one line for each amount; empty when it does. */
export const shortages = (need: NamespaceNeed, size: NamespaceSize): string[] => {
  const { quota, container } = NAMESPACE_SIZES[size];
  const amounts: readonly [string, Quantity, string][] = [
    ["requests.cpu", need.requests.cpu, quota.requests.cpu],
    ["requests.memory", need.requests.memory, quota.requests.memory],
    ["limits.cpu", need.limits.cpu, quota.limits.cpu],
    ["limits.memory", need.limits.memory, quota.limits.memory],
    ["cpu limit of a container", need.largest.cpu, container.max.cpu],
    ["memory limit of a container", need.largest.memory, container.max.memory],
    ["requests.storage", need.storage, quota.storage],
    ["pods", Quantity.parse(String(need.pods)), String(quota.pods)],
    ["persistentvolumeclaims", Quantity.parse(String(need.claims)), String(quota.persistentVolumeClaims)],
    ["services.loadbalancers", Quantity.parse(String(need.loadBalancers)), String(quota.loadBalancers)],
  ];
  return amounts
    .filter(([, wanted, limit]) => wanted.isMoreThan(Quantity.parse(limit)))
    .map(([name, wanted, limit]) => `${name}: needs ${wanted}, and a namespace of size ${size} has ${limit}`);
};

/** The smallest namespace that holds the need; undefined when none does. */
export const smallestNamespace = (need: NamespaceNeed): NamespaceSize | undefined =>
  (Object.keys(NAMESPACE_SIZES) as NamespaceSize[]).find((size) => shortages(need, size).length === 0);
