/** Steps of a restore of etcd that several scenarios share. */
import { etcdBackupAccess } from "../../lib/core/platform/etcd-backup-access.ts";
import {
  bootstrapFromSnapshot,
  fetchObject,
  listObjects,
  openByHand,
  shellLine,
  snapshotStatus,
} from "../restore/commands.ts";
import type { InventoryNode } from "../talos/inventory.ts";
import { IDENTITY_FILE, type Recovery } from "./recovery.ts";
import type { RunbookStep } from "./runbook.ts";

const SNAPSHOT = "db.snapshot";
const RAW_COPY = "raw-db";

/** Step that gathers the tools and files which a restore needs on the workstation. */
export const prepareStep = (recovery: Recovery): RunbookStep => ({
  title: "Have at hand what the restore needs",
  notes: [
    "talosctl, kubectl, terraform, age, etcdutl, and this repository after `npm ci`.",
    `The age identity as \`${IDENTITY_FILE}\`, from where it is kept off the cluster.`,
    `AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of a user with the policy of the output \`etcd_reader_policy\` of ${recovery.name}-backup; the writer cannot read.`,
    "A plain snapshot holds every Secret of the cluster: `umask 077` keeps what you write from others; Git ignores the names used here.",
  ],
  commands: ["umask 077", "talosctl version --client --short", "age --version", "etcdutl version"],
});

/** Takes a snapshot past the bucket. @param recipient age public key, or a word for the operator to replace */
export const snapshotByHand = (recovery: Recovery, recipient: string): RunbookStep => ({
  title: "Take a snapshot by hand, now",
  notes: [
    "Until the jobs write again this file is the backup. Encrypt it, and put it onto another machine.",
    ...(recipient === "RECIPIENT" ? ["RECIPIENT is the public key of `backup.ageRecipients`."] : []),
  ],
  commands: [
    "umask 077",
    recovery.direct(recovery.bootstrapNode, "etcd", "snapshot", `${recovery.name}.snapshot`),
    `age --encrypt --recipient ${recipient} --output ${recovery.name}.snapshot.age ${recovery.name}.snapshot`,
    `shred --remove ${recovery.name}.snapshot`,
  ],
  until: 'talosctl says "snapshot info" with keys, and the .age file is on another machine',
});

/** Newest first, from the most frequent tier on. */
export const fetchStep = (recovery: Recovery): RunbookStep => ({
  title: "Fetch, decrypt and verify the newest snapshot",
  ranBy: "drill",
  notes: [
    `It fetches the newest below s3://${recovery.store.bucket}/${recovery.newest.prefix}/, decrypts it, checks its hash and opens it.`,
    "When it is refused, the reason is said: take the next tier.",
  ],
  commands: recovery.tiers.map(
    (tier, index) => `${index === 0 ? "" : "# or: "}${shellLine(recovery.verify(tier, SNAPSHOT))}`,
  ),
  until: "it prints revision, keys and age, and the age is what you expect",
});

/** The same without this repository. */
export const byHandStep = (recovery: Recovery): RunbookStep => {
  const file = `${recovery.environment.cluster.name}-TIME.snap.age`;
  const { commands, snapshot } = openByHand(file, IDENTITY_FILE);
  const { prefix } = recovery.newest;
  return {
    title: "The same by hand, where this repository does not run",
    ranBy: "drill",
    notes: ["TIME is that of the object's name. Skip this when the step before went well."],
    commands: [
      listObjects(recovery.store, prefix),
      fetchObject(recovery.store, `${prefix}/${file}`, file),
      ...commands,
      snapshotStatus(snapshot),
    ]
      .map(shellLine)
      .concat(`mv ${snapshot} ${SNAPSHOT}`),
    until: "etcdutl prints a hash, a revision and a number of keys",
  };
};

/** Step that saves the running database before it is wiped: newer than any snapshot, if it can be read. */
export const saveStep = (recovery: Recovery, from: readonly InventoryNode[]): RunbookStep => ({
  title: "Save what is still there, before anything is wiped",
  notes: [
    "A raw copy of the database is newer than the snapshot. It has no hash: it is the last resort, for `--recover-skip-hash-check`.",
    "One control plane that answers is enough. Those that do not answer are left out. talosctl makes a folder of each, with a file db in it.",
  ],
  commands: from
    .flatMap((node) => [
      `${recovery.direct(node, "get", "machineconfig", "v1alpha1", "--output", "jsonpath={.spec}")} > ${node.name}.yaml`,
      recovery.direct(node, "cp", "/var/lib/etcd/member/snap/db", `${RAW_COPY}-${node.name}`),
    ])
    .concat(from.map((node) => `etcdutl snapshot status ${RAW_COPY}-${node.name}/db --write-out table`)),
  until:
    "the files are there, or nothing answers; of several copies the one with the highest REVISION is the newest",
});

/** Every control plane forgets etcd and keeps its configuration. */
export const resetSteps = (recovery: Recovery, nodes: readonly InventoryNode[]): RunbookStep[] => [
  {
    title: `Wipe etcd on ${nodes.map(({ name }) => name).join(", ")}`,
    notes: [
      "All of them, also those whose etcd still runs: two histories must not meet.",
      "EPHEMERAL is /var: etcd, images, logs and pods' scratch data go; STATE with the machine configuration, and user volumes, stay.",
      `Workers are left alone: ${recovery.workers.map(({ name }) => name).join(", ") || "there are none"}.`,
    ],
    commands: nodes.map((node) =>
      recovery.direct(
        node,
        "reset",
        "--graceful=false",
        "--reboot",
        "--system-labels-to-wipe=EPHEMERAL",
        "--wait=false",
      ),
    ),
  },
  {
    title: "Wait until etcd waits on each of them",
    commands: nodes.map((node) => recovery.direct(node, "service", "etcd")),
    until: "STATE is Preparing on every one of them",
  },
];

/** One member from the snapshot; the others join it by themselves. */
export const bootstrapSteps = (recovery: Recovery, snapshot: string = SNAPSHOT): RunbookStep[] => {
  const { name, address } = recovery.bootstrapNode;
  return [
    {
      title: `Start etcd on ${name} from the snapshot`,
      notes: [
        "Once, on this node alone. Talos checks the hash and refuses a damaged file.",
        `Only a raw copy: the same with \`--recover-skip-hash-check\` and \`--recover-from=./${RAW_COPY}-NODE/db\`, the newest that you have.`,
        "Terraform has no part in it: its bootstrap resource knows no snapshot, and is done already.",
      ],
      commands: [shellLine(bootstrapFromSnapshot(address, `./${snapshot}`))],
      until: "it ends without an error",
    },
    {
      title: "Watch it come up, and the others join",
      notes: ["A member that joins is a learner first: `HEALTH Fail` is normal for a minute or two."],
      commands: [
        recovery.direct(recovery.bootstrapNode, "dmesg"),
        recovery.direct(recovery.bootstrapNode, "service", "etcd"),
        recovery.cluster.onControlPlanes([], "etcd", "members"),
        recovery.cluster.onControlPlanes([], "etcd", "status"),
      ],
      until: `etcd has ${recovery.controlPlanes.length} members, none a learner, one leader, and no errors`,
    },
  ];
};

/** The API is back, and is as old as the snapshot. */
export const afterwardsSteps = (recovery: Recovery): RunbookStep[] => [
  {
    title: "Bring what runs and what is written together",
    notes: [
      "Kubernetes believes the snapshot. Pods that it does not know are ended by their kubelets; what was created since is gone.",
      "Volumes that were created since have no claim any more, and wait on the storage (reclaim policy `retain`). Volumes that were deleted since have one: recreate or delete it.",
    ],
    commands: [
      "kubectl get nodes -o wide",
      "kubectl get pods --all-namespaces --field-selector=status.phase!=Running",
      "kubectl get persistentvolumes",
      `kubectl --namespace argocd get applications`,
    ],
    until: "every node is Ready, and ArgoCD has synced all applications",
  },
  {
    title: "Let Terraform see it",
    notes: [
      "The cluster's stack knows all it must: the machines, their secrets and the bootstrap are what they were. It must plan no change, or only that machines which waited are reached at their cluster address again.",
      "The platform's and the apps' plans put back what the snapshot lacks. A destroy in them is no part of a restore.",
    ],
    commands: [recovery.deploy("cluster"), recovery.deploy("platform"), recovery.deploy("apps")],
    until: "a second plan of the cluster is empty, and the guard has let the others through",
  },
  ...recovery.backUpNow("restore"),
  {
    title: "Take the Secrets off the workstation",
    notes: ["The machine configurations that you saved are secrets as well."],
    commands: [
      `rm -rf ${RAW_COPY}-*`,
      `shred --remove ${[SNAPSHOT, ...recovery.controlPlanes.map(({ name }) => `${name}.yaml`)].join(" ")}`,
    ],
  },
];

/** Signs of success that all restores have in common. */
export const restored = (recovery: Recovery): string[] => [
  `\`talosctl etcd members\` shows ${recovery.controlPlanes.map(({ name }) => name).join(", ")}, and the revision is at least that of the snapshot.`,
  "`kubectl get nodes` shows every node as Ready, and a Deployment that you change rolls out.",
  `\`npm run homelab -- doctor ${recovery.name}\` finds nothing.`,
  `A new snapshot below s3://${recovery.store.bucket}/${recovery.newest.prefix}/ is verified; its job ran in ${etcdBackupAccess.namespace}.`,
];
