/** Access of pods to the Talos API: `machine.features.kubernetesTalosAPIAccess` of control planes. */
export interface TalosApiAccess {
  /** Namespaces whose pods may ask. Talos combines the lists: each of them may ask for each role. */
  readonly namespaces: readonly string[];
  readonly roles: readonly "os:etcd:backup"[];
}

const NAMESPACE = "etcd-backup";
/** Talos role that lets its holder read snapshots of etcd, and nothing else. */
const ROLE = "os:etcd:backup";

/**
 * Permissions and names of the etcd backup, declared once. From here come
 * - the Talos API access in the machine configuration of control planes (`TalosCluster`),
 * - the namespace, the Talos ServiceAccount, the pods' labels and the names of the CronJobs (`EtcdBackup`),
 * - the network allowances: the Talos API and the buckets (`platform-etcd-backup`; DNS every pod has),
 * - the names by which the doctor, the alerts and the runbooks look for it.
 */
export const etcdBackupAccess = {
  namespace: NAMESPACE,
  role: ROLE,
  /** Name of the Talos ServiceAccount, of the Secret that Talos makes for it, and the beginning of all others. */
  name: "talos-backup",
  /** Labels by which network policies select the pods. */
  podLabels: { "app.kubernetes.io/name": "talos-backup" },
  /** Port of the Talos API, on every node. */
  talosApiPort: 50_000,
  talosApi: { namespaces: [NAMESPACE], roles: [ROLE] },
} as const satisfies {
  readonly talosApi: TalosApiAccess;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
};

/** Name of the CronJob of one tier, e.g. `talos-backup-daily`. */
export const etcdBackupCronJob = (tier: string, name: string = etcdBackupAccess.name): string =>
  `${name}-${tier}`;
