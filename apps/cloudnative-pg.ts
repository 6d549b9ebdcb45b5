import { app, metrics, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";

/** Operator of PostgreSQL clusters. */
export const cloudnativePg = app("cloudnative-pg", {
  chart: {
    repository: "https://cloudnative-pg.github.io/charts",
    name: "cloudnative-pg",
    version: "0.27.0",
  },
  port: "none",
  environments: ["prod"],
  namespace: "databases",
  podSecurity: "restricted",
  size: "s",
  priority: "critical",
  network: [usesKubernetesApi(), scrapedBy(metrics, 8080)],
  clusterKinds: [
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/CustomResourceDefinition",
    "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
  ],
  places: {
    podLabels: [{ at: "podLabels", containers: { manager: "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["replicaCount"],
  },
});
