import { VELERO_NAMESPACE } from "../../../lib/backup/volume-backup.ts";
import { duration, type Recovery } from "../recovery.ts";
import type { Runbook, RunbookStep } from "../runbook.ts";
import { volumeGapMinutes, withoutRestoredPods } from "./lost-volume.ts";

/** A namespace and everything in it was deleted. */
export const deletedNamespace = (recovery: Recovery): Runbook => {
  const { environment, name } = recovery;
  const { volumes } = recovery.backup;
  const governed = environment.namespaces.map((namespace) => namespace.name);
  const restore: RunbookStep[] =
    volumes === null
      ? []
      : [
          {
            title: "Bring the volumes of the namespace back",
            notes: [
              "Velero leaves alone what exists, but fills the empty claims that Terraform has made, through the pods that it brings: no controller of them may be there yet.",
              "Databases come from their own dumps: the runbook lost-volume.",
            ],
            commands: [
              `velero backup get --namespace ${VELERO_NAMESPACE}`,
              `velero restore create --namespace ${VELERO_NAMESPACE} --from-backup BACKUP --include-namespaces NAMESPACE --include-resources persistentvolumeclaims,persistentvolumes,pods --wait`,
              `velero restore describe --namespace ${VELERO_NAMESPACE} RESTORE --details`,
            ],
            until: "the restore is Completed, without errors",
          },
          withoutRestoredPods(),
        ];
  return {
    name: "deleted-namespace",
    title: "A namespace was deleted",
    notice: [
      "Its apps do not answer; `kubectl get namespace` does not show it, or shows it Terminating.",
      "ArgoCD shows its applications as Missing.",
    ],
    loses: {
      value:
        volumes === null
          ? "the data of its volumes"
          : `${duration(volumeGapMinutes.daily)} of its volumes' data, ${duration(volumeGapMinutes.weekly)} where an app says weekly`,
      basis: "computed",
      why: "Objects come back from Git and Terraform whole. iSCSI volumes of a class that ends in `retain` are still on the storage, and lose nothing; where one opted out of backups by name, nothing brings it back.",
    },
    takes: {
      value: "15 min, and as long as the volumes take",
      basis: "estimated",
      why: "Nobody has measured how fast kopia reads from this storage.",
    },
    steps: [
      {
        title: "Find out who or what deleted it",
        notes: [
          "Where it is still Terminating nothing can be put back: wait for its end, and do not remove finalizers.",
          "A sync with pruning does it again at once: stop it first.",
        ],
        commands: [
          "kubectl get namespace NAMESPACE --output yaml",
          "kubectl --namespace argocd scale statefulset argocd-application-controller --replicas=0",
          "kubectl get persistentvolumes | grep NAMESPACE",
        ],
        until: "you know, and the volumes that are left are written down",
      },
      {
        title: "Have the namespace again, with quota and network policy",
        notes: [
          `Of the platform: ${governed.join(", ") || "none"}, argocd and etcd-backup. Namespaces of apps: the apps' stack.`,
          "The plan creates the namespace and what is in it, and nothing else.",
        ],
        commands: [recovery.deploy("platform"), recovery.deploy("apps")],
        until: "kubectl get namespace shows it, Active",
      },
      {
        title: "Bind the volumes that are left",
        notes: [
          "A volume of reclaim policy Retain is Released. Without its old claim's reference a new claim of the same name, class and size binds it again.",
        ],
        commands: [
          `kubectl patch persistentvolume VOLUME --type json --patch '[{"op":"remove","path":"/spec/claimRef/uid"},{"op":"remove","path":"/spec/claimRef/resourceVersion"}]'`,
        ],
        until: "it is Available or Bound",
      },
      ...restore,
      {
        title: "Let ArgoCD put the apps back",
        commands: [
          "kubectl --namespace argocd scale statefulset argocd-application-controller --replicas=1",
          "kubectl --namespace argocd get applications",
        ],
        until: "its applications are Synced and Healthy",
      },
    ],
    worked: [
      "Each app of the namespace answers, with its data: look at something that you remember.",
      `\`npm run homelab -- reach ${name} --from NAMESPACE/APP --to kube-system/coredns --port 53/UDP\` says allowed.`,
      `\`terraform plan\` of ${name}-platform and ${name}-apps is empty.`,
    ],
  };
};
