import { etcdBackupAccess, etcdBackupCronJob } from "../../../lib/core/platform/etcd-backup-access.ts";
import { listObjects, shellLine } from "../../restore/commands.ts";
import { duration, type Recovery } from "../recovery.ts";
import { snapshotByHand } from "../restore-steps.ts";
import type { Runbook, RunbookStep } from "../runbook.ts";

/** The backups are gone, or somebody deletes them. The cluster lives: now it is the only copy. */
export const lostBucket = (recovery: Recovery): Runbook => {
  const { store, name } = recovery;
  const { lock, copy, noncurrentDays } = recovery.backup;
  const aws = ["--bucket", store.bucket, "--region", store.region].concat(
    store.endpoint === null ? [] : ["--endpoint-url", store.endpoint],
  );
  const copyStep: RunbookStep[] =
    copy === null
      ? []
      : [
          {
            title: "See that the second copy is well",
            notes: ["It has credentials of its own, so what deleted the first could not reach it."],
            commands: recovery.tiers.map((tier) =>
              shellLine(listObjects(recovery.storeOf(copy), tier.prefix)),
            ),
            until: "its newest snapshot is as old as the schedule says",
          },
        ];
  return {
    name: "lost-bucket",
    title: "The backup bucket is lost",
    notice: [
      `\`npm run homelab -- doctor ${name}\` says that the bucket does not answer or does not exist.`,
      "The alerts for the age of the backup, or for a job that failed.",
      `A listing of s3://${store.bucket} shows fewer snapshots than the tiers keep.`,
    ],
    loses: {
      value: "the history; of the cluster itself nothing",
      basis: "computed",
      why: [
        lock === null
          ? "Nothing locks what is there."
          : `What was put less than ${lock.days} days ago is locked (${lock.mode}): ${lock.mode === "compliance" ? "no credential deletes it, only the loss of the server itself" : "who may bypass governance can delete it"}.`,
        `What was deleted otherwise can be had back for ${noncurrentDays} days.`,
        copy === null ? "There is no second copy." : `The second copy in ${copy.bucket} has its own history.`,
      ].join(" "),
    },
    takes: {
      value: "30 min",
      basis: "estimated",
      why: `Where the server lives. Until then a failure of the cluster would lose everything since the last snapshot that somebody still has, ${duration(recovery.recoveryPointMinutes)} at most where the second copy lives.`,
    },
    warnings: recovery.keyWarnings,
    steps: [
      snapshotByHand(recovery, "RECIPIENT"),
      {
        title: "Keep whoever did it from doing more",
        notes: [
          "If objects were deleted rather than the server lost, a credential did it: go to leaked-key at once, and come back.",
          "Change nothing in the bucket before you have looked at it.",
        ],
        commands: recovery.tiers.flatMap((tier) => [
          `kubectl --namespace ${etcdBackupAccess.namespace} patch cronjob ${etcdBackupCronJob(tier.name)} --patch '{"spec":{"suspend":true}}'`,
        ]),
      },
      ...copyStep,
      {
        title: "Look at the versions, and take the delete markers away",
        notes: [
          "Where the bucket is there, what was deleted is under a delete marker: with the marker gone, it is back.",
          "With the credentials of who deploys the backup stack: writer and reader cannot.",
        ],
        commands: [
          `aws s3api list-object-versions ${aws.join(" ")} --prefix ${recovery.backup.prefix}/ --query DeleteMarkers`,
          `aws s3api delete-object ${aws.join(" ")} --key KEY --version-id VERSION-OF-THE-MARKER`,
        ],
        until: "the listing shows the snapshots that the tiers should keep",
      },
      {
        title: "If the bucket or the server is gone: make it anew",
        notes: [
          "The guard refuses as long as the state has a bucket that is not there. Take it out of the state, never out of the code.",
          "On a new server, correct `backup.endpoint` first.",
        ],
        commands: [
          "npm run synth",
          recovery.terraform("backup", "init"),
          recovery.terraform("backup", "state", "list"),
          recovery.terraform("backup", "state", "rm", "ADDRESS-OF-EACH-RESOURCE-OF-THE-BUCKET"),
          recovery.deploy("backup"),
        ],
        until: "the plan creates the bucket, its versioning and its lock, and destroys nothing",
      },
      {
        title: "Let the jobs run again",
        commands: recovery.tiers.map(
          (tier) =>
            `kubectl --namespace ${etcdBackupAccess.namespace} patch cronjob ${etcdBackupCronJob(tier.name)} --patch '{"spec":{"suspend":false}}'`,
        ),
      },
      ...recovery.backUpNow("lost-bucket"),
    ],
    worked: [
      `\`npm run homelab -- doctor ${name}\` finds the bucket and a last backup of every tier that was due.`,
      "A snapshot from after is verified.",
      "`terraform plan` of the backup stack is empty.",
    ],
  };
};
