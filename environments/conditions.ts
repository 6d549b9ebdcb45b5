/** Names of the conditions that an accepted risk can rest on; `rules/conditions.ts` checks them. */
export const CONDITION_NAMES = [
  /** Every node has a resolver that answers while the cluster is down. */
  "resolver-outside-cluster",
  /** Velero backs volumes up. */
  "volumes-backed-up",
] as const;

export type ConditionName = (typeof CONDITION_NAMES)[number];
