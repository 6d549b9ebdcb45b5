import type { ComputeResources } from "../talos/reservations.ts";

/** Requests of a backup's pod. */
export const TALOS_BACKUP_REQUESTS = { cpu: "100m", memory: "256Mi" } as const;

/**
 * Pods of the platform, and what the capacity check sets aside for each: what they request. A test holds the table
 * against the values of the charts.
 */
export interface PlatformPods {
  readonly name: string;
  /** Pods of this kind: in the cluster, or on each node. */
  readonly count: number;
  /** Requests of one pod. */
  readonly requests: ComputeResources;
  /** The source of the amounts. */
  readonly source: string;
}

/** Memory that a machine's firmware, graphics and kernel take before the kubelet counts: 16 GiB show as 15 GiB. */
export const FIRMWARE_SHARE_OF_MEMORY = 1 / 16;

/** DaemonSets: on every node, control planes and workers. */
export const PODS_PER_NODE: readonly PlatformPods[] = [
  {
    name: "cilium-agent",
    count: 1,
    requests: { cpu: "100m", memory: "256Mi" },
    source: "lib/cilium/values.ts",
  },
  {
    name: "cilium-envoy",
    count: 1,
    requests: { cpu: "25m", memory: "64Mi" },
    source: "lib/cilium/values.ts",
  },
];

/** Pods that run somewhere in the cluster, and must find a place when a node is lost. */
export const PODS_PER_CLUSTER: readonly PlatformPods[] = [
  {
    name: "coredns",
    count: 2,
    requests: { cpu: "100m", memory: "70Mi" },
    source: "Talos v1.12.4, coredns.go",
  },
  {
    name: "cilium-operator",
    count: 2,
    requests: { cpu: "25m", memory: "64Mi" },
    source: "lib/cilium/values.ts",
  },
  {
    name: "hubble-relay",
    count: 1,
    requests: { cpu: "10m", memory: "32Mi" },
    source: "lib/cilium/values.ts",
  },
  {
    name: "argocd-controller",
    count: 1,
    requests: { cpu: "100m", memory: "1Gi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "argocd-repoServer",
    count: 1,
    requests: { cpu: "100m", memory: "512Mi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "argocd-server",
    count: 1,
    requests: { cpu: "50m", memory: "128Mi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "argocd-applicationSet",
    count: 1,
    requests: { cpu: "25m", memory: "64Mi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "argocd-notifications",
    count: 1,
    requests: { cpu: "10m", memory: "64Mi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "argocd-redis",
    count: 1,
    requests: { cpu: "25m", memory: "64Mi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "argocd-redisSecretInit",
    count: 1,
    requests: { cpu: "10m", memory: "64Mi" },
    source: "lib/argocd/values.ts",
  },
  {
    name: "talos-backup",
    count: 1,
    requests: TALOS_BACKUP_REQUESTS,
    source: "lib/backup/talos-backup-pod.ts",
  },
  {
    name: "workloads without a quota",
    count: 1,
    requests: { cpu: "100m", memory: "512Mi" },
    source: "an estimate for storage drivers and for operators that are no apps yet: nothing bounds them",
  },
];
