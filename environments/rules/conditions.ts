/** Checks the conditions that accepted risks rest on: an acceptance ends when its condition no longer holds. */
import type { ConditionName } from "../conditions.ts";
import type { Facts } from "../facts.ts";
import { resolversOutside } from "./resolvers.ts";

const NAMED = 5;

/** Labels in a line that somebody reads: the first of many. */
const namesOf = (nodes: readonly { readonly label: string }[]): string => {
  const names = nodes.slice(0, NAMED).map(({ label }) => label);
  return [...names, ...(nodes.length > NAMED ? [`${nodes.length - NAMED} more`] : [])].join(", ");
};

/** Says why a condition does not hold; nothing while it does. */
const CONDITIONS: Readonly<Record<ConditionName, (facts: Facts) => string | undefined>> = {
  "resolver-outside-cluster": (facts) => {
    const without = facts.nodes.filter((node) => resolversOutside(facts, node).length === 0);
    return without.length === 0 ? undefined : `${namesOf(without)} resolves names through the cluster alone`;
  },
  "volumes-backed-up": ({ draft }) => (draft.backup?.volumes === null ? "backup.volumes is null" : undefined),
};

/** The reason why a condition does not hold; undefined while it does. */
export const brokenBy = (name: ConditionName, facts: Facts): string | undefined => CONDITIONS[name](facts);
