import type { Recovery } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** One member's data differs from the others', and a majority is well: nothing is restored. */
export const corruptMember = (recovery: Recovery): Runbook => {
  const { cluster, controlPlanes, name } = recovery;
  return {
    name: "corrupt-member",
    title: "A member of etcd is corrupt",
    notice: [
      `\`homelab doctor ${name}\` says \`alarm … CORRUPT\`, or \`talosctl etcd alarm list\` does.`,
      "The same object reads differently, depending on which API server answers.",
    ],
    loses: {
      value: "nothing",
      basis: "computed",
      why: "The others have the data; the member joins anew and copies it from the leader.",
    },
    takes: {
      value: "15 min",
      basis: "estimated",
      why: "One reset and the start of one machine; nobody has measured it.",
    },
    ...(recovery.spare === 0 && {
      warnings: ["There is one member only: go to etcd, and restore the newest snapshot."],
    }),
    steps: [
      {
        title: "Find the member, and see that a majority is well",
        notes: [
          "The column MEMBER of the alarms has its id, and `etcd members` its host name. The column NODE says only who was asked: each tells all of them.",
          "Take no snapshot of it, and let nobody deploy.",
        ],
        commands: [
          cluster.onControlPlanes([], "etcd", "alarm", "list"),
          cluster.onControlPlanes([], "etcd", "members"),
          cluster.onControlPlanes([], "etcd", "status"),
        ],
        until: `one member has the alarm, and ${controlPlanes.length - recovery.spare} of ${controlPlanes.length} agree on revision and leader; otherwise go to etcd`,
      },
      {
        title: "Take it out, and let it join anew",
        notes: [
          "ID is the corrupt member's. Only the lines of its node are for you.",
          "EPHEMERAL is /var: its etcd goes, its configuration stays. Look at its disk and memory before it comes back.",
        ],
        commands: controlPlanes.flatMap((node) => [
          `# ${node.name}: ${cluster.onControlPlanes([node.name], "etcd", "remove-member", "ID")}`,
          `# ${node.name}: ${recovery.direct(node, "reset", "--graceful=false", "--reboot", "--system-labels-to-wipe=EPHEMERAL")}`,
        ]),
        until: "it is a member again, and no learner",
      },
      {
        title: "Take the alarm off",
        commands: [
          cluster.onControlPlanes([], "etcd", "alarm", "disarm"),
          cluster.onControlPlanes([], "etcd", "alarm", "list"),
        ],
        until:
          "there is no alarm, also an hour later: a member that is corrupt again has bad hardware, go to lost-node",
      },
      ...recovery.backUpNow("corrupt-member"),
    ],
    worked: [`\`homelab doctor ${name}\` says that etcd has ${controlPlanes.length} members and no alarm.`],
  };
};
