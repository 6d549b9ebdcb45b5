import { app, metrics, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";

/** Restarts pods whose Secrets or ConfigMaps changed. */
export const reloader = app("reloader", {
  chart: {
    repository: "https://stakater.github.io/stakater-charts",
    name: "reloader",
    version: "2.2.7",
  },
  port: "none",
  environments: ["dev", "prod"],
  namespace: "tools",
  size: "xs",
  priority: "high",
  network: [usesKubernetesApi(), scrapedBy(metrics, 9090)],
  places: {
    priorityClassName: ["reloader.deployment.priorityClassName"],
    resources: ["reloader.deployment.resources"],
    replicas: ["reloader.deployment.replicas"],
  },
  override: { dev: { hibernate: true } },
});
