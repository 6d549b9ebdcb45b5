import type { ComputeResources } from "../talos/reservations.ts";

/** Pods of the platform, and what the capacity check sets aside for each. */
export interface PlatformPods {
  readonly name: string;
  /** Pods of this kind: in the cluster, or on each node. */
  readonly count: number;
  /** Of one pod. */
  readonly requests: ComputeResources;
  /** Where the amounts come from. */
  readonly source: string;
}

/** Memory that a machine's firmware, graphics and kernel take before the kubelet counts: 16 GiB show as 15 GiB. */
export const FIRMWARE_SHARE_OF_MEMORY = 1 / 16;

/** DaemonSets: on every node, control planes and workers. */
export const PODS_PER_NODE: readonly PlatformPods[] = [
  {
    name: "cilium-agent",
    count: 1,
    requests: { cpu: "100m", memory: "512Mi" },
    source: "chart cilium 1.18.3 requests nothing; its commented suggestion",
  },
  {
    name: "cilium-envoy",
    count: 1,
    requests: { cpu: "100m", memory: "128Mi" },
    source: "chart cilium 1.18.3 requests nothing and suggests 512Mi; less here, as no policy is at layer 7",
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
    count: 1,
    requests: { cpu: "100m", memory: "128Mi" },
    source: "chart cilium 1.18.3 requests nothing; its commented suggestion",
  },
  {
    name: "hubble-relay",
    count: 1,
    requests: { cpu: "50m", memory: "64Mi" },
    source: "chart cilium 1.18.3 requests nothing; an estimate",
  },
  {
    name: "argocd-application-controller",
    count: 1,
    requests: { cpu: "250m", memory: "1Gi" },
    source: "chart argo-cd 7.7.7 suggests 250m and 256Mi; with 256Mi it was killed for memory in April 2026",
  },
  {
    name: "argocd-repo-server",
    count: 1,
    requests: { cpu: "100m", memory: "256Mi" },
    source: "chart argo-cd 7.7.7 suggests 10m and 64Mi; more, as it renders Helm and Kustomize",
  },
  {
    name: "argocd-server",
    count: 1,
    requests: { cpu: "50m", memory: "128Mi" },
    source: "chart argo-cd 7.7.7 suggests 50m and 64Mi",
  },
  {
    name: "argocd-redis",
    count: 1,
    requests: { cpu: "100m", memory: "64Mi" },
    source: "chart argo-cd 7.7.7, its commented suggestion",
  },
  {
    name: "argocd-applicationset-controller",
    count: 1,
    requests: { cpu: "100m", memory: "128Mi" },
    source: "chart argo-cd 7.7.7, its commented suggestion",
  },
  {
    name: "argocd-notifications-controller",
    count: 1,
    requests: { cpu: "100m", memory: "128Mi" },
    source: "chart argo-cd 7.7.7, its commented suggestion",
  },
  {
    name: "talos-backup",
    count: 1,
    requests: { cpu: "100m", memory: "256Mi" },
    source: "EtcdBackup's default",
  },
  {
    name: "workloads without a quota",
    count: 1,
    requests: { cpu: "500m", memory: "1Gi" },
    source: "an estimate for Traefik, cert-manager, storage drivers and operators: nothing bounds them",
  },
];
