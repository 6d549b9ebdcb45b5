import { app, calledByApiServer, Port, talksToItself, usesKubernetesApi } from "../lib/app/index.ts";

/**
 * Scales workloads by events. In prod it stays with the GitOps side: with one node lost prod is 118 MiB short of room for
 * it, and it may not hibernate, because an API that is announced and does not answer holds up the removal of namespaces.
 * vixens has its definitions from elsewhere; here they come along.
 */
export const keda = app("keda", {
  chart: { repository: "https://kedacore.github.io/charts", name: "keda", version: "2.18.3" },
  values: {
    operator: { revisionHistoryLimit: 3 },
    metricsServer: { revisionHistoryLimit: 3 },
    webhooks: { revisionHistoryLimit: 3 },
  },
  port: "none",
  environments: ["dev"],
  size: "xs",
  alsoInto: ["kube-system"],
  network: [
    usesKubernetesApi(),
    calledByApiServer(Port.tcp(6443), Port.tcp(9443)),
    talksToItself(Port.tcp(9666)),
  ],
  places: {
    podLabels: [
      { at: "podLabels.keda", containers: { "keda-operator": "app" } },
      { at: "podLabels.metricsAdapter", containers: { "keda-operator-metrics-apiserver": "app" } },
      { at: "podLabels.webhooks", containers: { "keda-admission-webhooks": "app" } },
    ],
    priorityClassName: ["priorityClassName"],
    resources: ["resources.operator", "resources.metricServer", "resources.webhooks"],
    replicas: ["operator.replicaCount", "metricsServer.replicaCount", "webhooks.replicaCount"],
  },
});
