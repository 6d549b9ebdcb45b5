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
  places: {
    podLabels: [{ at: "podLabels", containers: { manager: "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["replicaCount"],
  },
});
