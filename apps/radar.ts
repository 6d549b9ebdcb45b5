import { app, usesKubernetesApi } from "../lib/app/index.ts";

/** Shows what runs in the cluster. It reads, and never writes. */
export const radar = app("radar", {
  chart: {
    repository: "https://skyhook-io.github.io/helm-charts",
    name: "radar",
    version: "1.5.14",
  },
  values: { mcp: { enabled: false } },
  port: 9280,
  host: { prod: "radar.truxonline.com" },
  namespace: "tools",
  size: "s",
  network: [usesKubernetesApi()],
  places: { priorityClassName: [], resources: ["resources"], replicas: ["replicaCount"] },
});
