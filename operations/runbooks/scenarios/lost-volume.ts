import { VELERO_NAMESPACE, VOLUME_SCHEDULES } from "../../../lib/backup/volume-backup.ts";
import { Schedule } from "../../../lib/core/values/schedule.ts";
import { duration, type Recovery } from "../recovery.ts";
import type { Runbook, RunbookStep } from "../runbook.ts";

const RAN_BY = "drill of volumes";

const gap = (schedule: string): number => Schedule.parse(schedule).longestGapMinutes;

/** The longest time between two backups of a volume. */
export const volumeGapMinutes = {
  daily: gap(VOLUME_SCHEDULES.daily.schedule),
  weekly: gap(VOLUME_SCHEDULES.weekly.schedule),
} as const;

/**
 * The pods of a restore, which belong to nobody, go before those that are to stay come.
 *
 * @param app Selects what was restored, e.g. `app.kubernetes.io/instance=APP`; everything by default.
 */
export const withoutRestoredPods = (app?: string): RunbookStep => ({
  title: "Take the restored pods away",
  notes: [
    "They belong to nobody, and have done their work. A controller takes one over only where the app is as it was when it was backed up; else it stays for good, beside the app's own, and holds the claim.",
  ],
  commands: [
    `kubectl --namespace NAMESPACE delete pods --selector ${[app, "velero.io/restore-name"].filter(Boolean).join(",")}`,
  ],
  until: "no pod is left, and the claim is Bound",
});

/** The data of one app is gone or wrong. */
export const lostVolume = (recovery: Recovery): Runbook => {
  const { name } = recovery;
  const { volumes } = recovery.backup;
  const notice = [
    "An app starts empty, or not at all: `FailedMount`, `FailedAttachVolume`, input/output errors.",
    "Its disk or its node is lost, and its storage class is local-path.",
  ];
  const first = {
    title: "Stop the app, and look whether the volume is really lost",
    notes: [
      "An iSCSI volume that does not attach is on the storage most of the time: `talosctl service ext-iscsid` of its node, then the LUN on the storage.",
      "Stop ArgoCD's syncing of this app, or it starts it again.",
    ],
    commands: [
      "kubectl --namespace NAMESPACE get persistentvolumeclaims,pods -o wide",
      "kubectl describe persistentvolume VOLUME",
      `kubectl --namespace argocd patch application APP --type merge --patch '{"spec":{"syncPolicy":{"automated":null}}}'`,
      "kubectl --namespace NAMESPACE scale deployment,statefulset --replicas=0 --selector app.kubernetes.io/instance=APP",
    ],
    until: "no pod uses the claim, and the data cannot be had back from the storage",
  };
  const last = {
    title: "Let the app run again",
    notes: ["The apps' stack makes the Application again, and ArgoCD the workload, on the restored claim."],
    commands: [recovery.deploy("apps"), "kubectl --namespace argocd get application APP"],
    until: "it is Synced and Healthy",
  };
  const worked = [
    "The app shows what somebody knows to have been there at the time of the backup.",
    "`kubectl --namespace velero get podvolumerestores` shows every volume as Completed.",
    "The next backup of its schedule is Completed, and not smaller than half the one before.",
  ];
  if (volumes === null) {
    return {
      name: "lost-volume",
      title: "A volume is lost",
      notice,
      loses: {
        value: "everything on it",
        basis: "computed",
        why: `\`backup.volumes\` is null: ${name} backs no volume up. iSCSI volumes of a class that ends in \`retain\` survive the loss of their claim.`,
      },
      takes: {
        value: "15 min, for an empty volume",
        basis: "estimated",
        why: "There is nothing to read back.",
      },
      steps: [
        first,
        {
          title: "Delete the claim, and let the app make another",
          commands: [
            "kubectl --namespace NAMESPACE delete persistentvolumeclaim CLAIM",
            recovery.deploy("apps"),
          ],
          until: "the claim is Bound",
        },
      ],
      worked: ["The app runs, empty."],
    };
  }
  return {
    name: "lost-volume",
    title: "A volume is lost",
    notice,
    loses: {
      value: `${duration(volumeGapMinutes.daily)}, or ${duration(volumeGapMinutes.weekly)} where the app says weekly`,
      basis: "computed",
      why: `Backups run at \`${VOLUME_SCHEDULES.daily.schedule}\` for ${VOLUME_SCHEDULES.daily.keepDays} days and at \`${VOLUME_SCHEDULES.weekly.schedule}\` for ${VOLUME_SCHEDULES.weekly.keepDays} (UTC). What opted out has none.`,
    },
    takes: {
      value: "15 min and 1 h for each 50 GiB",
      basis: "estimated",
      why: "kopia reads files from a MinIO in the same network; nobody has measured it here.",
    },
    steps: [
      { ...first, ranBy: RAN_BY },
      {
        title: "If it is a database: take its own dump or its operator's backup",
        notes: [
          "Its volume is not in Velero, on purpose. CloudNativePG restores into a new Cluster, to a point in time: docs/runbooks/database.md. Others read their newest dump.",
          "Then skip to the last step.",
        ],
      },
      {
        title: "Find the backup",
        ranBy: RAN_BY,
        commands: [
          `kubectl --namespace ${VELERO_NAMESPACE} get backupstoragelocations`,
          `velero backup get --namespace ${VELERO_NAMESPACE}`,
          `velero backup describe --namespace ${VELERO_NAMESPACE} BACKUP --details`,
        ],
        until: `the location is Available at s3://${volumes.bucket}, and the backup is Completed and lists the volume`,
      },
      {
        title: "Take the workload away, without its claims",
        ranBy: RAN_BY,
        notes: [
          "A controller that is scaled to zero deletes the pod that a restore brings, and the restore hangs with the claim gone, for the four hours of its timeout, and every other restore behind it. So no controller may be there.",
          "The Application goes without its objects (its finalizer is taken off first), then the controllers. Terraform brings the Application back in the last step.",
        ],
        commands: [
          `kubectl --namespace argocd patch application APP --type merge --patch '{"metadata":{"finalizers":null}}'`,
          "kubectl --namespace argocd delete application APP --cascade=orphan",
          "kubectl --namespace NAMESPACE delete deployment,statefulset,daemonset,cronjob,job --selector app.kubernetes.io/instance=APP",
          "kubectl --namespace NAMESPACE get replicasets,pods --selector app.kubernetes.io/instance=APP",
        ],
        until: "the last command finds nothing",
      },
      {
        title: "Delete the claim, and restore it with a pod that mounts it",
        ranBy: RAN_BY,
        notes: [
          "Velero writes into a volume through a pod of the backup: pods and claims belong together. It leaves alone what exists.",
          "The claim is protected in Terraform: deleted by hand it is made again by the restore, under its name, with a new volume. The old one, of a class that ends in `retain`, stays as Released: delete it, and its LUN, when the app has shown its data.",
          "`exceeded quota` or another error, and the claim is back but empty: mend it, take the restored pods away, delete the claim and restore again.",
        ],
        commands: [
          "kubectl --namespace NAMESPACE delete persistentvolumeclaim CLAIM",
          `velero restore create --namespace ${VELERO_NAMESPACE} --from-backup BACKUP --include-namespaces NAMESPACE --include-resources pods,persistentvolumeclaims,persistentvolumes --selector app.kubernetes.io/instance=APP --wait`,
        ],
        until: "the restore is Completed, without errors or warnings about the volume",
      },
      { ...withoutRestoredPods("app.kubernetes.io/instance=APP"), ranBy: RAN_BY },
      last,
    ],
    worked,
  };
};
