import { app, egressTo, Port, usesKubernetesApi } from "../lib/app/index.ts";

/** Brings the secrets of apps from Infisical, on the NAS. */
export const infisicalOperator = app("infisical-operator", {
  chart: {
    repository: "https://dl.cloudsmith.io/public/infisical/helm-charts/helm/charts",
    name: "secrets-operator",
    version: "0.10.26",
  },
  values: {
    controllerManager: {
      manager: { image: { repository: "infisical/kubernetes-operator", tag: "v0.10.26" } },
    },
  },
  port: "none",
  environments: ["dev", "prod"],
  namespace: "infisical-operator-system",
  podSecurity: "restricted",
  size: "xs",
  network: [usesKubernetesApi(), egressTo("192.168.111.69", Port.tcp(8085))],
  places: {
    priorityClassName: [],
    resources: ["controllerManager.manager.resources"],
    replicas: ["controllerManager.replicas"],
  },
});
