import { Quantity } from "../../../lib/core/values/quantity.ts";
import { assessCapacity } from "../../../lib/proofs/capacity/capacity.ts";
import type { WorldObject } from "../plan-world.ts";
import type { GuardCheck } from "../rule.ts";
import { hardOf } from "./quotas.ts";

/** The sum of what quotas let be requested. */
const requested = (objects: readonly WorldObject[], resource: "cpu" | "memory"): Quantity =>
  Quantity.sum(
    objects
      .filter(({ kind }) => kind === "ResourceQuota")
      .map((quota) => `${hardOf(quota)[`requests.${resource}`] ?? 0}`)
      .flatMap((text) => (Quantity.isValid(text) ? [Quantity.parse(text)] : [])),
  );

/** Everything that quotas let start must fit the nodes with one of them lost. */
export const capacity: GuardCheck = {
  name: "capacity",
  *check({ world, environment: { nodes, cluster }, plan }) {
    const { headroom } = assessCapacity({
      nodes,
      controlPlane: cluster.controlPlane,
      namespaces: [],
      acceptSingleNode: nodes.length === 1,
    });
    for (const resource of ["cpu", "memory"] as const) {
      const [before, after] = [requested(world.before, resource), requested(world.after, resource)];
      if (!after.isMoreThan(headroom[resource]) || !after.isMoreThan(before)) continue;
      const quota = plan.changes.find(({ type, kind }) => /resource_quota/.test(type) && kind !== "no-op");
      yield {
        resource: quota?.address ?? "plan",
        path: `sum of requests.${resource}`,
        before: `${before}`,
        after: `${after}`,
        reason: `the quotas let ${after} ${resource} be requested, and ${headroom[resource]} are left when the largest node is lost`,
        cure: "shrink a quota, or add a node first",
      };
    }
  },
};
