import type { Recovery } from "../recovery.ts";
import { duration } from "../recovery.ts";
import {
  afterwardsSteps,
  bootstrapSteps,
  byHandStep,
  fetchStep,
  prepareStep,
  resetSteps,
  restored,
  saveStep,
} from "../restore-steps.ts";
import type { Runbook } from "../runbook.ts";

/** Back to a snapshot: the machines are there, what etcd holds is lost or wrong. */
export const lostEtcd = (recovery: Recovery): Runbook => {
  const { controlPlanes, newest, recoveryPointMinutes } = recovery;
  return {
    name: "etcd",
    title: "etcd is lost or wrong",
    notice: [
      "kubectl gets no answer, or `etcdserver: no leader`, and it is not one node only.",
      "`talosctl service etcd` shows a crash, a corrupt database or an alarm on a majority of the control planes.",
      "Or all is up, and what it holds was destroyed: objects deleted by mistake that Git cannot bring back.",
    ],
    loses: {
      value: duration(recoveryPointMinutes),
      basis: "computed",
      why: `Every change of the API since the newest snapshot: the tier \`${newest.name}\` runs at \`${newest.schedule}\` (UTC), and a run is ended after 30 minutes. Nothing, if a raw copy of a living database is used.`,
    },
    takes: {
      value: "30 to 60 min",
      basis: "estimated",
      why: "What runs outside of Talos takes seconds, measured by the drill with 100,000 keys in [its record](../drill.md); resets and the start of the machines, which are most of it, nobody has measured.",
    },
    warnings: recovery.keyWarnings,
    steps: [
      {
        title: "Stop everything that writes",
        notes: [
          "No deploy, no upgrade; the CI's runner is paused. One person decides, and says so.",
          "Where the API answers, ArgoCD would go on syncing. The restore brings it back, as it runs in the snapshot.",
        ],
        commands: ["kubectl --namespace argocd scale statefulset argocd-application-controller --replicas=0"],
      },
      {
        title: "Check that it is this, and not less",
        notes: [
          `A majority is ${controlPlanes.length - recovery.spare} of ${controlPlanes.length}. Where a majority is well, nothing is restored: go to lost-node.`,
        ],
        commands: controlPlanes.flatMap((node) => [
          recovery.direct(node, "service", "etcd"),
          recovery.direct(node, "etcd", "status"),
        ]),
        until: "you know that no majority can be had back, or that the data itself is wrong",
      },
      prepareStep(recovery),
      fetchStep(recovery),
      byHandStep(recovery),
      saveStep(recovery, controlPlanes),
      ...resetSteps(recovery, controlPlanes),
      ...bootstrapSteps(recovery),
      ...afterwardsSteps(recovery),
    ],
    worked: restored(recovery),
  };
};
