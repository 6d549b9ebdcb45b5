import { volumeScheduleName } from "../../../../lib/backup/volume-backup.ts";
import { metricLabel } from "../../../../lib/observability/alerts/volume-backup.ts";
import type { Examples } from "./examples.ts";

const success = (schedule: string, since: number) => ({
  [`velero_backup_attempt_total{job="velero",schedule="${schedule}"}`]: "1x12000",
  [`velero_backup_last_successful_timestamp{job="velero",schedule="${schedule}"}`]: `${since}x12000`,
});
const at = (schedule: string) => ({ job: "velero", schedule });
/** A claim that asks for a schedule, as kube-state-metrics tells its label. */
const claimOf = (label: string) => (schedule: string) => ({
  [`kube_persistentvolumeclaim_labels{job="kube-state-metrics",namespace="media",persistentvolumeclaim="data",${label}="${schedule}"}`]:
    "1x12000",
});
const backedUpByOf = (label: string) => (schedule: string) => ({
  job: "kube-state-metrics",
  namespace: "media",
  persistentvolumeclaim: "data",
  [label]: schedule,
});

export const volumeBackupExamples = (manager: string): Examples => {
  const label = metricLabel(manager);
  const [claim, backedUpBy] = [claimOf(label), backedUpByOf(label)];
  return {
    VolumeBackupTooOld: {
      fires: [
        { series: success("daily-databases", 0), at: "31h", labels: [at("daily-databases")] },
        { series: success("weekly-full", 0), at: "176h", labels: [at("weekly-full")] },
      ],
      quiet: [
        { series: success("daily-databases", 0), at: "25h", because: "the next one runs now" },
        { series: success("weekly-full", 0), at: "31h", because: "it runs weekly" },
        { series: success("", 0), at: "31h", because: "a backup by hand comes once" },
      ],
    },
    VolumeBackupNeverSucceeded: {
      fires: [
        {
          series: { 'velero_backup_attempt_total{job="velero",schedule="daily-media"}': "1x12000" },
          at: "32h",
          labels: [at("daily-media")],
        },
      ],
      quiet: [
        {
          series: { 'velero_backup_attempt_total{job="velero",schedule="daily-media"}': "0x12000" },
          at: "20h",
          because: "a new schedule has not run yet",
        },
        { series: success("daily-media", 0), at: "32h", because: "it has one, if an old one" },
      ],
    },
    VolumeClaimWithoutBackup: {
      fires: [
        { series: claim("daily"), at: "32h", labels: [backedUpBy("daily")] },
        {
          series: { ...claim("daily"), ...success(volumeScheduleName("daily"), 0) },
          at: "62h",
          labels: [backedUpBy("daily")],
        },
      ],
      quiet: [
        { series: claim("daily"), at: "20h", because: "a new claim has not seen its schedule yet" },
        {
          series: { ...claim("weekly"), ...success(volumeScheduleName("weekly"), 0) },
          at: "62h",
          because: "its schedule is weekly",
        },
        { series: claim("off"), at: "62h", because: "it says why it needs none" },
      ],
    },
    VolumeBackupFailed: {
      fires: [
        {
          series: { 'velero_backup_last_status{job="velero",schedule="daily-media"}': "1x5 0x60" },
          at: "30m",
          labels: [at("daily-media")],
        },
      ],
      quiet: [
        {
          series: { 'velero_backup_last_status{job="velero",schedule="daily-media"}': "1x60" },
          at: "30m",
          because: "it succeeded",
        },
      ],
    },
  };
};
