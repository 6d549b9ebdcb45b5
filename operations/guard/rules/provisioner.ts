import { type GuardCheck, lossOf } from "../rule.ts";
import { destroys, withoutKeys } from "../terraform-plan.ts";

/** Refuses provisioners: on 2026-01-05 a replaced null_resource wiped prod. */
export const provisioner: GuardCheck = {
  name: "provisioner",
  *check({ plan }) {
    for (const change of plan.changes.filter(({ address }) => plan.provisioned.has(withoutKeys(address)))) {
      const { kind } = change;
      if (kind === "create" || kind === "update" || destroys(change))
        yield {
          resource: change.address,
          reason: `has provisioners, and would be ${kind === "create" || kind === "update" ? `${kind}d` : lossOf(change)}: they run on machines, on destroy too`,
          cure: "forget it with a removed block (destroy = false)",
        };
    }
  },
};
