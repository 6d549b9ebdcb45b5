import { etcdBackupAccess } from "../core/platform/etcd-backup-access.ts";
import { Peer } from "./peer.ts";

/** A pod of the platform: the labels that its chart gives it, and the one selector that policies use for it. */
export interface PlatformPod {
  /** `namespace/name`, as reports call it. */
  readonly id: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly peer: Peer;
  /** The release or app whose chart has it; undefined for a pod of no chart. A homelab may do without the app. */
  readonly release?: string;
}

/** `selectedBy` alone decides; `labels` are what the pod carries beside it. */
const platformPod = (
  release: string | undefined,
  namespace: string,
  selectedBy: Record<string, string>,
  labels: Record<string, string> = {},
): PlatformPod => {
  const peer = Peer.workload(namespace, selectedBy);
  return {
    ...{ id: peer.label, namespace, labels: { ...labels, ...selectedBy }, peer },
    ...(release !== undefined && { release }),
  };
};

const argocd = (component: string): PlatformPod =>
  platformPod(
    "argocd",
    "argocd",
    { "app.kubernetes.io/name": `argocd-${component}` },
    { "app.kubernetes.io/instance": "argocd", "app.kubernetes.io/part-of": "argocd" },
  );

/**
 * The platform's own pods, with the labels of the rendered charts. Host-network pods (cilium, cilium-envoy,
 * cilium-operator, the control plane's static pods) are the node to a policy and are not listed.
 */
export const platformPods = {
  /** Talos v1.12.4, `k8stemplates/coredns.go`. */
  coredns: platformPod(undefined, "kube-system", { "k8s-app": "kube-dns" }),
  /** Chart cilium 1.18.3. */
  hubbleRelay: platformPod(
    "cilium",
    "kube-system",
    { "k8s-app": "hubble-relay" },
    { "app.kubernetes.io/part-of": "cilium" },
  ),
  /** The Job that renews Hubble's certificates. */
  hubbleCertificates: platformPod("cilium", "kube-system", { "k8s-app": "hubble-generate-certs" }),
  /** `apps/hubble-ui.ts`. */
  hubbleUi: platformPod(
    "hubble-ui",
    "monitoring",
    { "k8s-app": "hubble-ui" },
    { "app.kubernetes.io/name": "hubble-ui" },
  ),
  /** Chart argo-cd 7.7.7. */
  argocdServer: argocd("server"),
  argocdController: argocd("application-controller"),
  argocdRepoServer: argocd("repo-server"),
  argocdApplicationSet: argocd("applicationset-controller"),
  argocdNotifications: argocd("notifications-controller"),
  argocdRedis: argocd("redis"),
  argocdRedisSecretInit: argocd("redis-secret-init"),
  /** The scraper of `apps/victoria-metrics.ts`. */
  scraper: platformPod("victoria-metrics", "monitoring", { "app.kubernetes.io/name": "vmagent" }),
  /** The gateway, `apps/traefik.ts`. */
  traefik: platformPod("traefik", "traefik", { "app.kubernetes.io/name": "traefik" }),
  /** `EtcdBackup`. */
  etcdBackup: platformPod(undefined, etcdBackupAccess.namespace, etcdBackupAccess.podLabels),
} as const;
