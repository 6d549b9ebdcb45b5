import type { Quantity } from "../../core/values/quantity.ts";

/** An amount of each resource that the scheduler counts. */
export interface Compute {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

export type ComputeResource = keyof Compute;

/** The shares into which the capacity of one node goes. `free` is never negative: a node cannot give what it lacks. */
export interface NodeShare {
  readonly name: string;
  readonly capacity: Compute;
  readonly firmware: Compute;
  /** `systemReserved` and `kubeReserved`. */
  readonly kubelet: Compute;
  readonly eviction: Compute;
  readonly staticPods: Compute;
  readonly daemonSets: Compute;
  readonly free: Compute;
}

export interface Capacity {
  /** Every node that takes workloads. */
  readonly nodes: readonly NodeShare[];
  /** The node whose loss costs most, for each resource by itself; undefined when no loss is subtracted. */
  readonly lost: { readonly [R in ComputeResource]: NodeShare | undefined };
  /** The need of the platform's Deployments and jobs, wherever they run. */
  readonly platform: Compute;
  /** Sum of the requests that the quotas allow. */
  readonly quotas: Compute;
  /** The rest when one node is lost and every quota is used up; negative when it does not fit. */
  readonly headroom: Compute;
  /** The arithmetic, for people. */
  readonly table: string;
  /** Why it does not fit; empty when it does. */
  readonly problems: readonly string[];
}
