import { type VOLUME_SCHEDULES, volumeScheduleName } from "../../backup/volume-backup.ts";
import { volumeBackupLabel } from "../../core/platform/names.ts";
import type { AlertGroup } from "../alert.ts";

const HOUR = 3600;
/** The label of claims as kube-state-metrics calls it. */
export const metricLabel = (manager: string): string =>
  `label_${volumeBackupLabel(manager).replaceAll(/[^a-zA-Z0-9]/g, "_")}`;

/**
 * Claims of a schedule whose last good backup is older than `hours`, or is none. A schedule that never ran has no series,
 * which this alert says itself: so MetricsMissing, which reads equal labels, is not told of it.
 */
const withoutBackup = (label: string, schedule: keyof typeof VOLUME_SCHEDULES, hours: number): string =>
  `kube_persistentvolumeclaim_labels{${label}="${schedule}"} unless on () (time() - velero_backup_last_successful_timestamp{schedule=~"${volumeScheduleName(schedule)}"} <= ${hours * HOUR})`;

/**
 * Velero's backups of volumes: too old, failed, never made. A schedule's name says how often it runs.
 * @param manager begins the labels of claims
 */
export const volumeBackupAlerts = (manager: string): AlertGroup => {
  const label = metricLabel(manager);
  return {
    name: "volume-backup",
    alerts: [
      {
        name: "VolumeBackupTooOld",
        // Six hours more than a day or a week: a large backup, or one that another schedule delays.
        expression: [
          `time() - velero_backup_last_successful_timestamp{schedule!="",schedule!~".*weekly.*"} > ${30 * HOUR}`,
          `time() - velero_backup_last_successful_timestamp{schedule=~".*weekly.*"} > ${(7 * 24 + 6) * HOUR}`,
        ].join(" or "),
        for: "10m",
        severity: "critical",
        summary: "The last good backup of {{ $labels.schedule }} is {{ $value | humanizeDuration }} old",
        description: "What its volumes hold since then would be lost with them.",
      },
      {
        name: "VolumeBackupNeverSucceeded",
        expression:
          'velero_backup_attempt_total{schedule!=""} unless on (schedule) velero_backup_last_successful_timestamp',
        for: "30h",
        severity: "critical",
        summary: "The schedule {{ $labels.schedule }} has no good backup",
        description: "Its volumes are not backed up at all.",
      },
      {
        name: "VolumeClaimWithoutBackup",
        expression: `(${withoutBackup(label, "daily", 30)}) or (${withoutBackup(label, "weekly", 7 * 24 + 6)})`,
        // A claim that is new waits for the first run of its schedule.
        for: "30h",
        severity: "critical",
        summary: "The claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has no recent backup",
        description: "It asks for one, and no good run of its schedule is young enough.",
      },
      {
        name: "VolumeBackupFailed",
        expression: 'velero_backup_last_status{schedule!=""} == 0',
        for: "5m",
        severity: "warning",
        summary: "The last backup of {{ $labels.schedule }} failed, wholly or in part",
        description: "The next run may do better; the one before is what there is.",
      },
    ],
  };
};
