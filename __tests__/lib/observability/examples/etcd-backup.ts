import { etcdBackupAccess } from "../../../../lib/core/platform/etcd-backup-access.ts";
import { type BackupTier, type Watched, watched } from "../../../../lib/observability/alerts/etcd-backup.ts";
import type { Examples, Samples } from "./examples.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const JOB = "kube-state-metrics";
const { namespace } = etcdBackupAccess;
const labelsOf = ({ cronJob }: Watched): string => `namespace="${namespace}",cronjob="${cronJob}"`;
const series = (metric: string, tier: Watched): string => `${metric}{job="${JOB}",${labelsOf(tier)}}`;
/** A value that stays for as long as the tier's limit and a day, minute by minute. */
const steady = (value: number, { limit }: Watched): string => `${value}x${Math.ceil((limit + DAY) / MINUTE)}`;
const succeededAtStart = (tier: Watched): Samples => ({
  [series("kube_cronjob_status_last_successful_time", tier)]: steady(0, tier),
});
const minutes = (seconds: number): string => `${Math.round(seconds / MINUTE)}m`;
const alertLabels = ({ cronJob }: Watched) => ({ job: JOB, namespace, cronjob: cronJob });
const failedJob = `kube_job_failed{job="${JOB}",namespace="${namespace}",job_name="talos-backup-daily-1",condition="true"}`;
const SIZE = "etcd_mvcc_db_total_size_in_bytes";
const size = (samples: string): Samples => ({
  [`${SIZE}{job="etcd",instance="a"}`]: samples,
  [`${SIZE}{job="etcd",instance="b"}`]: samples,
});

export const etcdBackupExamples = (tiers: readonly BackupTier[]): Examples => {
  const [most] = watched(tiers);
  if (!most) throw new Error("no tier");
  const created = { [series("kube_cronjob_created", most)]: steady(0, most) };
  return {
    EtcdBackupTooOld: {
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
    },
    EtcdBackupNeverSucceeded: {
      fires: [{ series: created, at: minutes(most.limit + 10 * MINUTE), labels: [alertLabels(most)] }],
      quiet: [
        { series: created, at: minutes(most.limit - 10 * MINUTE), because: "its first run is still to come" },
        {
          series: { ...created, ...succeededAtStart(most) },
          at: minutes(most.limit + 10 * MINUTE),
          because: "there was one: its age is another alert's",
        },
      ],
    },
    EtcdBackupFailed: {
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
    },
    EtcdBackupSuspended: {
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
    },
    EtcdBackupShrank: {
      fires: [{ series: size("100x60 40x60"), at: "90m", labels: [{}] }],
      quiet: [
        { series: size("100x60 60x60"), at: "90m", because: "some of it was deleted" },
        { series: size("10x60 100x60"), at: "90m", because: "it grew" },
      ],
    },
    EtcdBackupHeartbeat: {
      fires: [{ series: succeededAtStart(most), at: "60m", labels: [{ heartbeat: etcdBackupAccess.name }] }],
      quiet: [
        {
          series: succeededAtStart(most),
          at: minutes(most.limit + 10 * MINUTE),
          because: "the snapshot is too old, so the beat stops",
        },
      ],
    },
  };
};
