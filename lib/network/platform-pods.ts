import { Peer } from "./peer.ts";

/**
 * The platform's own pods, by the labels that their charts give them. Host-network pods (cilium, cilium-envoy,
 * cilium-operator, the control plane's static pods) are the node to a policy and are not listed.
 */
export const platformPods = {
  /** Talos' CoreDNS manifest. */
  coredns: Peer.workload("kube-system", { "k8s-app": "kube-dns" }),
  /** Chart cilium 1.18.3, `templates/hubble-relay/deployment.yaml`. */
  hubbleRelay: Peer.workload("kube-system", { "k8s-app": "hubble-relay" }),
  /** Chart cilium 1.18.3, `templates/hubble/tls-cronjob`: the Job that renews Hubble's certificates. */
  hubbleCertificates: Peer.workload("kube-system", { "k8s-app": "hubble-generate-certs" }),
  /** Chart cilium 1.18.3, `templates/hubble-ui/deployment.yaml`; vixens runs it in `monitoring`. */
  hubbleUi: Peer.workload("monitoring", { "k8s-app": "hubble-ui" }),
  /** Chart argo-cd 7.7.7: `app.kubernetes.io/name` of each component. */
  argocdServer: Peer.workload("argocd", { "app.kubernetes.io/name": "argocd-server" }),
  argocdController: Peer.workload("argocd", { "app.kubernetes.io/name": "argocd-application-controller" }),
  argocdRepoServer: Peer.workload("argocd", { "app.kubernetes.io/name": "argocd-repo-server" }),
  argocdApplicationSet: Peer.workload("argocd", {
    "app.kubernetes.io/name": "argocd-applicationset-controller",
  }),
  argocdNotifications: Peer.workload("argocd", {
    "app.kubernetes.io/name": "argocd-notifications-controller",
  }),
  argocdRedis: Peer.workload("argocd", { "app.kubernetes.io/name": "argocd-redis" }),
  argocdRedisSecretInit: Peer.workload("argocd", { "app.kubernetes.io/name": "argocd-redis-secret-init" }),
  /** The scraper of vixens' VictoriaMetrics stack. */
  scraper: Peer.workload("monitoring", { "app.kubernetes.io/name": "vmagent" }),
  /** The gateway of vixens. */
  traefik: Peer.workload("traefik", { "app.kubernetes.io/name": "traefik" }),
} as const;
