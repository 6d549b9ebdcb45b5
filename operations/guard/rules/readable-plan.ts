import type { GuardCheck } from "../rule.ts";
import { withoutKeys } from "../terraform-plan.ts";

const PLAN_AGAIN = "make a plan of the whole stack, without -target";

/** A plan says all that it would do, in words that are known. */
export const readablePlan: GuardCheck = {
  name: "readable-plan",
  *check({ plan, evidence: { targets } }) {
    const touched = plan.changes.filter(({ kind }) => kind !== "no-op" && kind !== "read");
    for (const { address, actions } of plan.changes.filter(({ kind }) => kind === "unknown"))
      yield {
        resource: address,
        reason: `its actions are not known: ${actions.join(", ")}`,
        cure: "read the plan by hand, and teach the guard",
      };
    for (const part of plan.unread)
      yield {
        resource: "plan",
        reason: `nobody has looked at this part of a plan: ${part}`,
        cure: "read it by hand, and teach the guard (operations/guard/terraform-plan.ts)",
      };
    for (const address of plan.deferred)
      yield { resource: address, reason: "its changes are put off to a later plan", cure: PLAN_AGAIN };
    if (!plan.complete && targets === undefined)
      yield { resource: "plan", reason: "it is of some resources only", cure: PLAN_AGAIN };
    for (const { address } of targets ? touched : []) {
      if (!targets?.some((target) => address === target || withoutKeys(address) === target))
        yield {
          resource: address,
          reason: `it changes, and is not among what the plan was limited to: ${targets?.join(", ")}`,
          cure: "apply what it depends on first",
        };
    }
    const spoken = new Set(plan.changes.flatMap(({ address, movedFrom }) => [address, movedFrom]));
    const planned = new Set(plan.after.map(({ address }) => address));
    for (const { address } of plan.before.filter(
      (each) => !planned.has(each.address) && !spoken.has(each.address),
    ))
      yield {
        resource: address,
        reason: "the state has it, the plan does not, and no change says why",
        cure: PLAN_AGAIN,
      };
  },
};
