import { type Fields, fieldsOf } from "../../../lib/core/fields.ts";
import { type Change, loses } from "../plan.ts";
import { lossOf, type Refusal, type Rule } from "../rule.ts";

const SECRETS = "talos_machine_secrets";
const BOOTSTRAP = "talos_machine_bootstrap";

const WHY: Readonly<Record<string, string>> = {
  [SECRETS]: "the machine secrets are the cluster",
  [BOOTSTRAP]: "a cluster is bootstrapped once; a second time starts another etcd",
  aws_s3_bucket: "the backups lie in it",
  aws_s3_bucket_versioning: "it keeps overwritten backups",
  aws_s3_bucket_object_lock_configuration: "it keeps backups from being deleted",
};

/** Buckets of any provider: what else would this project keep in one? */
const whyOf = (type: string): string | undefined =>
  WHY[type] ?? (/_bucket$/.test(type) ? WHY.aws_s3_bucket : undefined);

const CURE = "put it back into the configuration, or add a moved block; nothing lets this through";

type Found = Omit<Refusal, "rule">;

/** What cannot be had again stays as it is. */
export const irreplaceable: Rule = {
  name: "irreplaceable",
  *check({ plan }) {
    for (const change of plan.changes) {
      const why = whyOf(change.type);
      if (why === undefined) continue;
      if (loses(change))
        yield { resource: change.address, reason: `would be ${lossOf(change)}: ${why}`, cure: CURE };
      yield* changedContents(change);
    }
    for (const { address } of plan.drift.filter(
      ({ type, kind }) => whyOf(type) !== undefined && kind === "delete",
    ))
      yield {
        resource: address,
        reason: "is gone: somebody deleted it outside of Terraform",
        cure: "find out what happened before anything is applied",
      };
    yield* createdAgain(plan.changes, new Set(plan.before.map(({ type }) => type)));
  },
};

function* changedContents(change: Change): Iterable<Found> {
  const { type, kind, address, before, after, afterUnknown } = change;
  if (kind !== "update") return;
  const unknown = JSON.stringify(afterUnknown.machine_secrets ?? false).includes("true");
  const differ = JSON.stringify(before.machine_secrets) !== JSON.stringify(after.machine_secrets);
  if (type === SECRETS && (unknown || differ))
    yield { resource: address, reason: "the secrets themselves would change", cure: CURE };
  if (/_bucket$/.test(type) && after.force_destroy === true)
    yield { resource: address, reason: "force_destroy would let a destroy empty it", cure: "leave it off" };
  if (type === "aws_s3_bucket_object_lock_configuration") yield* weakerLock(change);
  const status = (values: unknown) => fieldsOf(Array.isArray(values) ? values[0] : undefined).status;
  if (type === "aws_s3_bucket_versioning" && status(before.versioning_configuration) === "Enabled")
    if (status(after.versioning_configuration) !== "Enabled")
      yield {
        resource: address,
        reason: "overwritten backups would not be kept any more",
        cure: "leave it on",
      };
}

/** The default retention of a bucket: `COMPLIANCE` holds everybody off, `GOVERNANCE` not its owner. */
const retention = (values: Fields): { days: number; mode: unknown } => {
  const first = (value: unknown) => fieldsOf(Array.isArray(value) ? value[0] : value);
  const { days, years, mode } = first(first(values.rule).default_retention);
  return { days: Number(days ?? 0) + 365 * Number(years ?? 0), mode };
};

function* weakerLock({ address, before, after }: Change): Iterable<Found> {
  const [was, will] = [retention(before), retention(after)];
  if (will.days < was.days || (was.mode === "COMPLIANCE" && will.mode !== was.mode))
    yield {
      resource: address,
      reason: `new backups would be held for ${will.days} days (${will.mode}) instead of ${was.days} (${was.mode})`,
      cure: "leave the lock as it is",
    };
}

/** A second set of secrets, or a second bootstrap, beside machines that are there. */
function* createdAgain(changes: readonly Change[], before: ReadonlySet<string>): Iterable<Found> {
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
