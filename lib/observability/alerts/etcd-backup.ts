import { etcdBackupAccess, etcdBackupCronJob } from "../../core/platform/etcd-backup-access.ts";
import type { Schedule } from "../../core/values/schedule.ts";
import type { Alert, AlertGroup, Samples } from "../alert.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const JOB = "kube-state-metrics";
const { namespace } = etcdBackupAccess;

export interface BackupTier {
  readonly name: string;
  readonly schedule: Schedule;
}

interface Watched {
  readonly cronJob: string;
  /** Seconds after which a snapshot is too old: half a period late, at most a day. */
  readonly limit: number;
}

const watched = ({ name, schedule }: BackupTier): Watched => {
  const gap = schedule.longestGapMinutes * MINUTE;
  return { cronJob: etcdBackupCronJob(name), limit: gap + Math.min(gap / 2, DAY) };
};

const labelsOf = ({ cronJob }: Watched): string => `namespace="${namespace}",cronjob="${cronJob}"`;
const series = (metric: string, tier: Watched): string => `${metric}{job="${JOB}",${labelsOf(tier)}}`;
const lastSuccess = (tier: Watched): string => `kube_cronjob_status_last_successful_time{${labelsOf(tier)}}`;

/** A value that stays for as long as the tier's limit and a day, minute by minute. */
const steady = (value: number, { limit }: Watched): string => `${value}x${Math.ceil((limit + DAY) / MINUTE)}`;
const succeededAtStart = (tier: Watched): Samples => ({
  [series("kube_cronjob_status_last_successful_time", tier)]: steady(0, tier),
});
const minutes = (seconds: number): string => `${Math.round(seconds / MINUTE)}m`;
const alertLabels = ({ cronJob }: Watched) => ({ job: JOB, namespace, cronjob: cronJob });

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
  const all = tiers.map(watched).toSorted((a, b) => a.limit - b.limit);
  const [most] = all;
  if (!most) throw new Error("etcdBackupAlerts: must have a tier: got []");
  return {
    name: "etcd-backup",
    alerts: [tooOld(all, most), neverSucceeded(all, most), failed, suspended(most), shrank, heartbeat(most)],
  };
};

const tooOld = (all: readonly Watched[], most: Watched): Alert => ({
  name: "EtcdBackupTooOld",
  expression: all.map((tier) => `time() - ${lastSuccess(tier)} > ${tier.limit}`).join(" or "),
  for: "5m",
  severity: "critical",
  summary: "The last snapshot of {{ $labels.cronjob }} is {{ $value | humanizeDuration }} old",
  description: "A restore would lose everything since then.",
  fires: [
    {
      series: succeededAtStart(most),
      at: minutes(most.limit + 10 * MINUTE),
      labels: [alertLabels(most)],
    },
  ],
  quiet: [
    {
      series: succeededAtStart(most),
      at: minutes(most.limit - 10 * MINUTE),
      because: "it is late, not lost",
    },
  ],
});

const neverSucceeded = (all: readonly Watched[], most: Watched): Alert => {
  const created = { [series("kube_cronjob_created", most)]: steady(0, most) };
  const missing = (tier: Watched) =>
    `time() - kube_cronjob_created{${labelsOf(tier)}} > ${tier.limit} unless on (cronjob) ${lastSuccess(tier)}`;
  return {
    name: "EtcdBackupNeverSucceeded",
    expression: all.map((tier) => `(${missing(tier)})`).join(" or "),
    for: "5m",
    severity: "critical",
    summary: "{{ $labels.cronjob }} has never made a snapshot",
    description: "Its credentials, its way to the Talos API or to the bucket were never right.",
    fires: [{ series: created, at: minutes(most.limit + 10 * MINUTE), labels: [alertLabels(most)] }],
    quiet: [
      { series: created, at: minutes(most.limit - 10 * MINUTE), because: "its first run is still to come" },
      {
        series: { ...created, ...succeededAtStart(most) },
        at: minutes(most.limit + 10 * MINUTE),
        because: "there was one: its age is another alert's",
      },
    ],
  };
};

const failedJob = `kube_job_failed{job="${JOB}",namespace="${namespace}",job_name="talos-backup-daily-1",condition="true"}`;

const failed: Alert = {
  name: "EtcdBackupFailed",
  expression: `kube_job_failed{namespace="${namespace}",condition="true"} == 1`,
  for: "1m",
  severity: "warning",
  summary: "The etcd backup {{ $labels.job_name }} failed",
  description: "All its attempts did. It stays on until the job is deleted, by itself after three days.",
  fires: [
    {
      series: { [failedJob]: "1x30" },
      at: "10m",
      labels: [{ job: JOB, namespace, job_name: "talos-backup-daily-1", condition: "true" }],
    },
  ],
  quiet: [
    {
      series: { [failedJob.replace('"true"', '"false"')]: "1x30" },
      at: "10m",
      because: "that series says that it did not fail",
    },
    {
      series: { [failedJob.replace(`"${namespace}"`, '"media"')]: "1x30" },
      at: "10m",
      because: "it is a job of somebody else",
    },
  ],
};

const suspended = (most: Watched): Alert => ({
  name: "EtcdBackupSuspended",
  expression: `kube_cronjob_spec_suspend{namespace="${namespace}"} == 1`,
  for: "1h",
  severity: "warning",
  summary: "{{ $labels.cronjob }} is suspended",
  description: "Somebody stopped it, for a restore perhaps, and it makes no snapshots.",
  fires: [
    {
      series: { [series("kube_cronjob_spec_suspend", most)]: "1x120" },
      at: "90m",
      labels: [alertLabels(most)],
    },
  ],
  quiet: [
    {
      series: { [series("kube_cronjob_spec_suspend", most)]: "0x10 1x30 0x60" },
      at: "45m",
      because: "it was stopped for a moment",
    },
  ],
});

const SIZE = "etcd_mvcc_db_total_size_in_bytes";
const size = (samples: string): Samples => ({
  [`${SIZE}{job="etcd",instance="a"}`]: samples,
  [`${SIZE}{job="etcd",instance="b"}`]: samples,
});

const shrank: Alert = {
  name: "EtcdBackupShrank",
  expression: `max(${SIZE}) < 0.5 * max(max_over_time(${SIZE}[7d]))`,
  for: "15m",
  severity: "warning",
  summary: "Snapshots are less than half as large as they were within a week",
  description:
    "A snapshot is etcd's database. Defragmenting shrinks it, and so does the loss of most objects: look which it was before the old snapshots expire.",
  fires: [{ series: size("100x60 40x60"), at: "90m", labels: [{}] }],
  quiet: [
    { series: size("100x60 60x60"), at: "90m", because: "some of it was deleted" },
    { series: size("10x60 100x60"), at: "90m", because: "it grew" },
  ],
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
  fires: [{ series: succeededAtStart(most), at: "60m", labels: [{ heartbeat: etcdBackupAccess.name }] }],
  quiet: [
    {
      series: succeededAtStart(most),
      at: minutes(most.limit + 10 * MINUTE),
      because: "the snapshot is too old, so the beat stops",
    },
  ],
});
