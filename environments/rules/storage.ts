import type { HttpUrl } from "../../lib/core/values/http-url.ts";
import type { Facts, Located } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated, type Undecided } from "./rule.ts";

const CREDENTIALS_RISK = "backend-credentials";
const STATE_RISK = "state-";
const BACKUP_RISK = "backup-none";
const MINUTES_A_DAY = 24 * 60;

/** The place in which a bucket's name is unique. AWS is one place, whatever its endpoint. */
const placeOf = (endpoint: HttpUrl | null): string => {
  if (endpoint === null) return "AWS";
  const { host, path } = endpoint;
  return host.endsWith(".amazonaws.com") ? "AWS" : `${host}${path.replace(/\/+$/, "")}`;
};

/** The buckets of an environment, each as `place/name`. */
export const buckets = ({ draft: { state: given, backup } }: Facts): Located<string>[] => {
  const state = given?.kind === "s3" ? given : undefined;
  return [
    { path: "state.bucket", bucket: state?.bucket, endpoint: state?.endpoint },
    { path: "backup.bucket", bucket: backup?.bucket, endpoint: backup?.endpoint },
    { path: "backup.copy.bucket", bucket: backup?.copy?.bucket, endpoint: backup?.copy?.endpoint },
    { path: "backup.volumes.bucket", bucket: backup?.volumes?.bucket, endpoint: backup?.volumes?.endpoint },
  ].flatMap(({ path, bucket, endpoint }) =>
    bucket === undefined || endpoint === undefined ? [] : [{ path, value: `${placeOf(endpoint)}/${bucket}` }],
  );
};

/** The name of a bucket, without its place. */
export const bucketName = ({ value }: Located<string>): string => value.slice(value.lastIndexOf("/") + 1);

function* separateBuckets(facts: Facts): Iterable<Finding> {
  for (const [later, first] of repeated(buckets(facts), ({ value }) => value)) {
    yield {
      path: later.path,
      rule: `must be another bucket than ${first.path}: each has its own lifecycle, lock and credentials`,
      value: bucketName(later),
    };
  }
}

/** A copy on the same server is lost with it. */
function* separateCopy({ draft: { backup } }: Facts): Iterable<Finding> {
  const [copy, endpoint] = [backup?.copy?.endpoint, backup?.endpoint];
  if (copy === undefined || endpoint === undefined || placeOf(copy) !== placeOf(endpoint)) return;
  yield {
    path: "backup.copy.endpoint",
    rule: "must be another place than backup.endpoint",
    value: String(copy),
  };
}

function* credentials({ draft: { state: given } }: Facts): Iterable<Finding | Undecided> {
  if (given?.kind === "local" || given?.kind === "kubernetes") return;
  const state = given?.kind === "s3" ? given : undefined;
  if (state?.credentials === undefined) yield { undecided: CREDENTIALS_RISK };
  else if (state.credentials !== "environment") {
    yield {
      path: "state.credentials",
      rule: 'must be "environment": inline, they end in the repository and in cdktf.out',
      value: state.credentials,
      riskId: CREDENTIALS_RISK,
    };
  }
}

/** Refuses a missing part that nobody has accepted. */
function* absences({ draft: { state, backup } }: Facts): Iterable<Finding | Undecided> {
  if (state?.kind === undefined) yield { undecided: STATE_RISK };
  else if (state.kind !== "s3") {
    const lost = state.kind === "local" ? "with this workstation" : "with the cluster that keeps it";
    yield {
      path: "state.kind",
      rule: `must be "s3": a state that is lost ${lost} leaves everything to be imported by hand`,
      value: state.kind,
      riskId: `${STATE_RISK}${state.kind}`,
    };
  }
  if (backup === undefined) yield { undecided: BACKUP_RISK };
  else if (backup === null) {
    yield {
      path: "backup",
      rule: "must say where etcd is backed up: a lost disk loses the cluster and every volume",
      value: null,
      riskId: BACKUP_RISK,
    };
  }
}

const inDays = (minutes: number): number => Math.ceil(minutes / MINUTES_A_DAY);

/** Tiers that are well-formed, each with the longest time between two of its snapshots. */
const tiersOf = ({ draft: { backup } }: Facts) =>
  (backup?.tiers ?? []).flatMap((tier) =>
    tier?.name === undefined || tier.schedule === undefined || tier.keepDays === undefined
      ? []
      : [{ ...tier, keepDays: tier.keepDays, gap: tier.schedule.longestGapMinutes }],
  );

function* tierNames({ draft: { backup } }: Facts): Iterable<Finding> {
  const names = (backup?.tiers ?? []).flatMap((tier) => tier?.name ?? []);
  for (const [name] of repeated(names, (each) => each)) {
    yield { path: `backup.tiers.${name}.name`, rule: "must be the only tier of that name", value: name };
  }
}

/** Before the last snapshot expires, the next one must be there. */
function* retention(facts: Facts): Iterable<Finding> {
  for (const { name, schedule, keepDays, gap } of tiersOf(facts)) {
    if (gap < keepDays * MINUTES_A_DAY) continue;
    yield {
      path: `backup.tiers.${name}.keepDays`,
      rule: `must be longer than the longest time between two backups, ${inDays(gap)} days by ${schedule}`,
      value: keepDays,
    };
  }
}

/** Requires that at any time some snapshot is locked, and that none is locked for longer than it is kept. */
function* lock(facts: Facts): Iterable<Finding> {
  const { backup } = facts.draft;
  const [days, tiers] = [backup?.lock?.days, tiersOf(facts)];
  if (days === undefined || tiers.length === 0 || tiers.length < (backup?.tiers?.length ?? 0)) return;
  const gap = Math.min(...tiers.map((tier) => tier.gap));
  if (gap >= days * MINUTES_A_DAY) {
    yield {
      path: "backup.lock.days",
      rule: `must be longer than the time between two backups, ${inDays(gap)} days, or at times none is locked`,
      value: days,
    };
  }
  if (backup?.noncurrentDays === undefined) return;
  const [shortest] = tiers.toSorted((a, b) => a.keepDays - b.keepDays);
  if (shortest && days > shortest.keepDays + backup.noncurrentDays) {
    yield {
      path: "backup.lock.days",
      rule: `must be at most the ${shortest.keepDays} and ${backup.noncurrentDays} days for which the tier ${shortest.name} and its old versions are kept, as nothing could delete what has expired`,
      value: days,
    };
  }
}

function* recipients({ draft: { backup } }: Facts): Iterable<Finding> {
  for (const [recipient] of repeated(backup?.ageRecipients ?? [], (each) => each)) {
    yield { path: "backup.ageRecipients", rule: "must name each recipient once", value: recipient };
  }
}

export const storageRules: readonly Rule[] = [
  separateBuckets,
  separateCopy,
  credentials,
  absences,
  tierNames,
  retention,
  lock,
  recipients,
];
