import { etcdBackupAccess, etcdBackupCronJob } from "../../core/platform/etcd-backup-access.ts";
import type { Schedule } from "../../core/values/schedule.ts";
import type { Alert, AlertGroup } from "../alert.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const { namespace } = etcdBackupAccess;

export interface BackupTier {
  readonly name: string;
  readonly schedule: Schedule;
}

export interface Watched {
  readonly cronJob: string;
  /** Seconds after which a snapshot is too old: half a period late, at most a day. */
  readonly limit: number;
}

/** The tiers as they are watched, the most frequent one first. */
export const watched = (tiers: readonly BackupTier[]): Watched[] =>
  tiers
    .map(({ name, schedule }) => {
      const gap = schedule.longestGapMinutes * MINUTE;
      return { cronJob: etcdBackupCronJob(name), limit: gap + Math.min(gap / 2, DAY) };
    })
    .toSorted((a, b) => a.limit - b.limit);

const labelsOf = ({ cronJob }: Watched): string => `namespace="${namespace}",cronjob="${cronJob}"`;
const lastSuccess = (tier: Watched): string => `kube_cronjob_status_last_successful_time{${labelsOf(tier)}}`;

/**
 * Alerts of the etcd backup, from its tiers: too old, never made, failed, suspended, shrunk; and the heartbeat, for a
 * dead man's switch outside of the cluster.
 *
 * They cannot see whether a snapshot can be restored (`npm run homelab -- verify-backup`, weekly), nor the size of
 * the objects in the bucket, which nothing exports. A snapshot is etcd's database file, so its size is watched there.
 *
 * Refused: no tier.
 */
export const etcdBackupAlerts = (tiers: readonly BackupTier[]): AlertGroup => {
  const all = watched(tiers);
  const [most] = all;
  if (!most) throw new Error("etcdBackupAlerts: must have a tier: got []");
  return {
    name: "etcd-backup",
    alerts: [tooOld(all), neverSucceeded(all), failed, suspended, shrank, heartbeat(most)],
  };
};

const tooOld = (all: readonly Watched[]): Alert => ({
  name: "EtcdBackupTooOld",
  expression: all.map((tier) => `time() - ${lastSuccess(tier)} > ${tier.limit}`).join(" or "),
  for: "5m",
  severity: "critical",
  summary: "The last snapshot of {{ $labels.cronjob }} is {{ $value | humanizeDuration }} old",
  description: "A restore would lose everything since then.",
});

const neverSucceeded = (all: readonly Watched[]): Alert => {
  const missing = (tier: Watched) =>
    `time() - kube_cronjob_created{${labelsOf(tier)}} > ${tier.limit} unless on (cronjob) ${lastSuccess(tier)}`;
  return {
    name: "EtcdBackupNeverSucceeded",
    expression: all.map((tier) => `(${missing(tier)})`).join(" or "),
    for: "5m",
    severity: "critical",
    summary: "{{ $labels.cronjob }} has never made a snapshot",
    description: "Its credentials, its way to the Talos API or to the bucket were never right.",
  };
};

const failed: Alert = {
  name: "EtcdBackupFailed",
  expression: `kube_job_failed{namespace="${namespace}",condition="true"} == 1`,
  for: "1m",
  severity: "warning",
  summary: "The etcd backup {{ $labels.job_name }} failed",
  description: "All its attempts did. It stays on until the job is deleted, by itself after three days.",
};

const suspended: Alert = {
  name: "EtcdBackupSuspended",
  expression: `kube_cronjob_spec_suspend{namespace="${namespace}"} == 1`,
  for: "1h",
  severity: "warning",
  summary: "{{ $labels.cronjob }} is suspended",
  description: "Somebody stopped it, for a restore perhaps, and it makes no snapshots.",
};

const SIZE = "etcd_mvcc_db_total_size_in_bytes";
const shrank: Alert = {
  name: "EtcdBackupShrank",
  expression: `max(${SIZE}) < 0.5 * max(max_over_time(${SIZE}[7d]))`,
  for: "15m",
  severity: "warning",
  summary: "Snapshots are less than half as large as they were within a week",
  description:
    "A snapshot is etcd's database. Defragmenting shrinks it, and so does the loss of most objects: look which it was before the old snapshots expire.",
};

const heartbeat = (most: Watched): Alert => ({
  name: "EtcdBackupHeartbeat",
  expression: `time() - max(${lastSuccess(most)}) < ${most.limit}`,
  for: "0s",
  severity: "none",
  labels: { heartbeat: etcdBackupAccess.name },
  summary: "The etcd backup is younger than its schedule asks for",
  description:
    "Fires as long as all is well. Whoever waits for it outside the cluster calls when it stops: no snapshot, no metrics, or no alerts.",
});
