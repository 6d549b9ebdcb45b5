import { app, usesKubernetesApi } from "../lib/app/index.ts";

/**
 * Shows what workloads could ask for, from recommendations of the VerticalPodAutoscaler. That one stays with the GitOps
 * side: it resizes pods that the proofs of capacity have counted. With one node lost prod has no room for both pods of
 * this one, so it hibernates; its controller, whose number of pods the chart fixes, is off as a whole.
 */
export const goldilocks = app("goldilocks", {
  chart: { repository: "https://charts.fairwinds.com/stable", name: "goldilocks", version: "10.2.0" },
  values: {
    controller: { enabled: false },
    dashboard: { revisionHistoryLimit: 3 },
  },
  port: 8080,
  service: { name: "goldilocks-dashboard", port: 80 },
  host: { prod: "goldilocks" },
  namespace: "monitoring",
  size: "xs",
  priority: "low",
  hibernate: true,
  network: [usesKubernetesApi()],
  places: {
    podLabels: [{ at: "dashboard.deployment.additionalLabels", containers: { goldilocks: "app" } }],
    priorityClassName: [],
    resources: ["dashboard.resources"],
    replicas: ["dashboard.replicaCount"],
  },
});
