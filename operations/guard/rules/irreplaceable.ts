import type { Found, GuardCheck } from "../rule.ts";
import { loses, type ResourceChange } from "../terraform-plan.ts";

const SECRETS = "talos_machine_secrets";
const BOOTSTRAP = "talos_machine_bootstrap";

/** Types of resources that no deploy can bring back; buckets of any provider among them. */
const isIrreplaceable = (type: string): boolean =>
  [SECRETS, BOOTSTRAP].includes(type) || /_bucket(_versioning|_object_lock_configuration)?$/.test(type);

const CURE = "put it back into the configuration, or add a moved block; nothing lets this through";

/** Refuses to lose what cannot be had again, in cases that one change by itself does not show. */
export const irreplaceable: GuardCheck = {
  name: "irreplaceable",
  *check({ plan }) {
    for (const { address } of plan.drift.filter(
      ({ type, kind }) => isIrreplaceable(type) && kind === "delete",
    ))
      yield {
        resource: address,
        reason: "is gone: somebody deleted it outside of Terraform",
        cure: "find out what happened before anything is applied",
      };
    yield* createdAgain(plan.changes, new Set(plan.before.map(({ type }) => type)));
  },
};

/** A second set of secrets, or a second bootstrap, beside machines that are there. */
function* createdAgain(changes: readonly ResourceChange[], before: ReadonlySet<string>): Iterable<Found> {
  const created = (wanted: string) =>
    changes.filter(({ type, kind }) => type === wanted && kind === "create");
  const machines = ["talos_machine_configuration_apply", BOOTSTRAP, "talos_cluster_kubeconfig"];
  const held = [...before, ...changes.filter(loses).map(({ type }) => type)];
  if (machines.some((type) => held.includes(type)))
    for (const { address } of created(SECRETS))
      yield {
        resource: address,
        reason: "new machine secrets beside machines that exist: they would make another cluster",
        cure: "the state has lost them: put the backup of the state back, or check the moved blocks",
      };
  if (held.includes("talos_cluster_kubeconfig"))
    for (const { address } of created(BOOTSTRAP))
      yield {
        resource: address,
        reason: "the cluster was bootstrapped before: the state has lost it",
        cure: CURE,
      };
}
