import { app, egressTo, metrics, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";

/** Certificates for the routes of all apps. */
export const certManager = app("cert-manager", {
  chart: {
    repository: "https://charts.jetstack.io",
    name: "cert-manager",
    version: "v1.14.4",
  },
  values: {
    installCRDs: true,
    global: { leaderElection: { namespace: "cert-manager" } },
    // It asks CoreDNS whether a challenge is there, and no server of the internet.
    extraArgs: ["--dns01-recursive-nameservers-only"],
    startupapicheck: { enabled: false },
  },
  port: "none",
  environments: ["dev", "prod"],
  namespace: "cert-manager",
  size: "xs",
  priority: "high",
  network: [usesKubernetesApi(), egressTo("acme-v02.api.letsencrypt.org"), scrapedBy(metrics, 9402)],
  places: {
    podLabels: [
      { at: "podLabels", containers: { "cert-manager-controller": "app" } },
      { at: "webhook.podLabels", containers: { "cert-manager-webhook": "app" } },
      { at: "cainjector.podLabels", containers: { "cert-manager-cainjector": "app" } },
    ],
    priorityClassName: ["global.priorityClassName"],
    resources: ["resources", "webhook.resources", "cainjector.resources"],
    replicas: ["replicaCount", "webhook.replicaCount", "cainjector.replicaCount"],
  },
  override: {
    dev: {
      network: [
        usesKubernetesApi(),
        egressTo("acme-staging-v02.api.letsencrypt.org"),
        scrapedBy(metrics, 9402),
      ],
    },
  },
});
