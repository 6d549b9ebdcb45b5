import { app, usesKubernetesApi } from "../lib/app/index.ts";

/** Dashboard of the cluster. Its own account may look; who wants to change something brings a token. */
export const headlamp = app("headlamp", {
  chart: {
    repository: "https://kubernetes-sigs.github.io/headlamp",
    name: "headlamp",
    version: "0.42.0",
  },
  values: {
    config: { oidc: { secret: { create: false } } },
    clusterRoleBinding: { clusterRoleName: "view" },
  },
  port: 4466,
  service: { name: "headlamp", port: 80 },
  host: { prod: "headlamp.truxonline.com" },
  namespace: "tools",
  size: "s",
  network: [usesKubernetesApi()],
  secrets: ["/apps/70-tools/headlamp"],
  places: {
    podLabels: [{ at: "podLabels", containers: { headlamp: "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["replicaCount"],
  },
});
