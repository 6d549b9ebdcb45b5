import { stateText } from "../../../environments/absent.ts";
import { secretServerOf } from "../../../environments/secret-store.ts";
import type { HttpUrl } from "../../../lib/core/values/http-url.ts";
import type { Recovery } from "../recovery.ts";
import { snapshotByHand } from "../restore-steps.ts";
import type { Runbook, RunbookStep } from "../runbook.ts";

/** The storage server is gone: state, backups and network volumes at once. The cluster still runs on its own disks. */
export const lostNas = (recovery: Recovery): Runbook => {
  const { name, environment, bootstrapNode } = recovery;
  const { nas, state, backup, secretStore, storageClasses } = environment;
  const isOnIt = (url: HttpUrl): boolean =>
    nas === undefined || url.hostname === nas.host || url.hostname === `${nas.address}`;
  const keepsState = state.kind === "s3" && isOnIt(state.endpoint);
  const secrets = secretServerOf(secretStore);
  const keepsSecrets = secrets !== undefined && isOnIt(secrets);
  const volumes = backup?.volumes;
  const keepsVolumeBackups = volumes?.endpoint != null && isOnIt(volumes.endpoint);
  const network = storageClasses.filter(({ onNode }) => !onNode).map((each) => each.name);
  const volumeLoss =
    network.length === 0
      ? "No storage class keeps volumes on it."
      : `Volumes of ${network.join(", ")} are on it${volumes == null ? ", and nothing backs them up" : keepsVolumeBackups ? ", and so are their backups" : ""}.`;
  return {
    name: "lost-nas",
    title: "The storage server is lost",
    notice: [
      `\`npm run homelab -- doctor ${name}\` says that neither the state nor the backup bucket answers${nas === undefined ? "" : ` (${nas.host}, ${nas.address})`}.`,
      "Pods with network volumes hang or read errors; nodes and etcd are well.",
    ],
    loses: {
      value: network.length === 0 ? "history and state; of the cluster nothing" : "what its volumes held",
      basis: "computed",
      why: `etcd and the machines' own disks live on. ${volumeLoss} The state is ${stateText(state)}.`,
    },
    takes: {
      value: "half a day with another server at hand",
      basis: "estimated",
      why: "A server, buckets, a state that is imported; volumes as long as their data takes.",
    },
    warnings: [
      ...(backup !== null && backup.copy === null
        ? ["`backup.copy` is null: with this server every snapshot is gone, until you take one by hand."]
        : []),
      ...(keepsVolumeBackups && network.length > 0
        ? [
            "`backup.volumes` is on the same server as the volumes: it protects from mistakes, and not from this.",
          ]
        : []),
      ...recovery.nameWarnings,
    ],
    steps: [
      {
        title: "Touch nothing that works: the cluster is the only copy now",
        notes: [
          "No deploy, no upgrade, no restart of a node: pods with network volumes would not come back, and images may not either.",
          "The machine configuration of one control plane holds the machine secrets: with it a lost state is imported again.",
        ],
        commands: [
          "umask 077",
          `${recovery.direct(bootstrapNode, "get", "machineconfig", "v1alpha1", "--output", "jsonpath={.spec}")} > controlplane.yaml`,
        ],
        until: "the file is on another machine as well, encrypted",
      },
      ...(backup === null ? [] : [snapshotByHand(recovery, "RECIPIENT")]),
      {
        title: "Stop what writes to it",
        notes: [
          "ArgoCD's application controller would restart apps again and again; what runs without volumes goes on.",
        ],
        commands: ["kubectl --namespace argocd scale statefulset argocd-application-controller --replicas=0"],
      },
      {
        title: "Repair it, or put another server in its place",
        notes: [
          nas === undefined
            ? "Under the address and names that the environment has, so that nothing else changes."
            : `Under the address ${nas.address} and the name ${nas.host}, so that nothing else changes.`,
          "Its disks first: most lost servers are a power supply or a mainboard, and the volumes are whole.",
        ],
        commands: recovery.servers.map(
          (url) =>
            `curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}\\n' ${recovery.addressed(url)}`,
        ),
        until: "each prints a status, whichever",
      },
      ...(keepsState ? [stateStep(recovery)] : []),
      ...(backup === null
        ? []
        : [
            {
              title: "The buckets of the backups",
              notes: ["As in lost-bucket, from the step that makes them anew."],
              commands: [recovery.deploy("backup")],
              until: "the plan creates buckets and destroys nothing",
            },
          ]),
      ...(keepsSecrets
        ? [
            {
              title: "The secret store",
              notes: [
                "It is restored from its own backup. Until then Secrets in the cluster stay as they are: delete no namespace and no InfisicalSecret, since their Secrets go with them.",
              ],
              commands: ["kubectl get infisicalsecrets --all-namespaces"],
              until: "each has synced since the server is back",
            },
          ]
        : []),
      ...(network.length === 0
        ? []
        : [
            {
              title: "The volumes",
              notes: [
                "LUNs that are whole attach again when their pods start anew. Lost ones: the runbook lost-volume, app by app; databases by their own means.",
              ],
              commands: [
                "kubectl get persistentvolumes",
                "kubectl get volumeattachments",
                "kubectl get pods --all-namespaces --field-selector=status.phase!=Running,status.phase!=Succeeded",
              ],
              until: "no pod waits for a volume that is there",
            },
          ]),
      {
        title: "Let ArgoCD go on",
        commands: ["kubectl --namespace argocd scale statefulset argocd-application-controller --replicas=1"],
        until: "every Application is Healthy",
      },
      ...recovery.backUpNow("lost-nas"),
    ],
    worked: [
      `\`npm run homelab -- doctor ${name}\` finds nothing, and a plan of each stack is empty.`,
      "controlplane.yaml is shredded on every machine.",
    ],
  };
};

/** Step that makes a lost state anew: machine secrets first, and nothing is deployed before. */
const stateStep = (recovery: Recovery): RunbookStep => ({
  title: "Terraform's state",
  notes: [
    "From the server's own snapshots, or a version of the object: then a plan is empty, and this step is done.",
    "Else an empty bucket with versions, and the cluster's secrets and bootstrap from the machine configuration; the other stacks by the runbook of adoption (docs/runbooks/adoption.md).",
    "Take every document but v1alpha1 out of the file before `gen secrets`.",
  ],
  commands: [
    "npm run synth",
    recovery.terraform("cluster", "init"),
    "talosctl gen secrets --from-controlplane-config controlplane.yaml --output-file secrets.yaml",
    recovery.terraform("cluster", "import", "talos_machine_secrets.cluster", "../../../secrets.yaml"),
    recovery.terraform("cluster", "import", "talos_machine_bootstrap.cluster", "restored"),
    "shred --remove secrets.yaml",
    recovery.terraform("cluster", "plan"),
  ],
  until: "the plan creates no machine secrets and no bootstrap, and changes no certificate authority",
});
