import { duration, IDENTITY_FILE, type Recovery } from "../recovery.ts";
import { snapshotByHand } from "../restore-steps.ts";
import type { Runbook } from "../runbook.ts";

/** Nobody has the age identity any more: the snapshots are there, and closed. */
export const lostAgeKey = (recovery: Recovery): Runbook => {
  const { name, backup, newest } = recovery;
  const { lock } = backup;
  return {
    name: "lost-age-key",
    title: "The age key is lost",
    notice: [
      "`homelab verify-backup` says that no identity matches, or the file is nowhere.",
      "The workstation that had it is lost: see lost-workstation as well.",
    ],
    loses: {
      value: "every snapshot that was taken so far; of the cluster itself nothing",
      basis: "computed",
      why: `Until a snapshot to the new key is there, a failure of etcd is the loss of the cluster: ${duration(recovery.recoveryPointMinutes)} if nobody takes one by hand.`,
    },
    takes: {
      value: "30 min",
      basis: "estimated",
      why: "One key, one deploy of the platform, one snapshot that is read back.",
    },
    steps: [
      {
        title: "Look for it, and prove that it is the right one",
        notes: [
          "Password manager, paper, the runner `homelab-deploy` (its `AGE_IDENTITY_FILE`), another workstation.",
          "Its public key must be that of `backup.ageRecipients`. When one opens the newest snapshot, stop here and keep it at two places.",
        ],
        commands: [
          `age-keygen -y ${IDENTITY_FILE}`,
          `AGE_IDENTITY_FILE=${IDENTITY_FILE} AWS_REGION=${recovery.store.region}${recovery.store.endpoint === null ? "" : ` AWS_ENDPOINT_URL_S3=${recovery.store.endpoint}`} npm run homelab -- verify-backup s3://${recovery.store.bucket}/${newest.prefix}/`,
        ],
        until: "nothing opens it: then it is lost",
      },
      {
        title: "Make another one, and keep it at two places before it is used",
        notes: [
          "On paper and in a password manager: neither the cluster, nor its storage, nor this repository.",
        ],
        commands: [
          "umask 077",
          `age-keygen --output new-${IDENTITY_FILE}`,
          `age-keygen -y new-${IDENTITY_FILE}`,
        ],
        until: "somebody else has read one of the two copies",
      },
      snapshotByHand(recovery, "NEW-PUBLIC-KEY"),
      {
        title: "Let the jobs encrypt to it",
        notes: [`Its public key goes to \`backup.ageRecipients\` in environments/${name}.ts.`],
        commands: ["npm run synth", recovery.deploy("platform"), `mv new-${IDENTITY_FILE} ${IDENTITY_FILE}`],
        until: "the plan changes the jobs' recipient and nothing else",
      },
      ...recovery.backUpNow("new-key"),
      {
        title: "Leave the old snapshots to their end",
        notes: [
          `Nobody can read them; they expire by the bucket's own rules${lock === null ? "" : `, and are locked for ${lock.days} days`}. Delete none by hand: the key may turn up.`,
          "Lost and known to somebody are two things: where the old file may be in strange hands, go to leaked-key.",
        ],
      },
    ],
    worked: [
      "The newest snapshot of each tier that ran since is verified with the new key.",
      `\`npm run homelab -- doctor ${name}\` finds nothing.`,
      "Both copies of the key were tried.",
    ],
  };
};
