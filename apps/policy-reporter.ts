import { app, metrics, Port, scrapedBy, talksToItself, usesKubernetesApi } from "../lib/app/index.ts";

/**
 * Reports of admission policies to look at. Kyverno, whose reports they are, stays with the GitOps side: the proofs of
 * this project are about what it makes of pods. With one node lost prod has no room for it, so it hibernates there.
 */
export const policyReporter = app("policy-reporter", {
  chart: {
    repository: "https://kyverno.github.io/policy-reporter",
    name: "policy-reporter",
    version: "2.24.2",
  },
  values: {
    revisionHistoryLimit: 3,
    kyvernoPlugin: { enabled: true, revisionHistoryLimit: 3 },
    ui: { enabled: true, revisionHistoryLimit: 3 },
    metrics: { enabled: true },
    reportFilter: { namespaces: { exclude: ["kube-system", "kyverno", "policy-reporter"] } },
  },
  port: 8080,
  service: { name: "policy-reporter-ui", port: 8080 },
  host: { dev: "policy-reporter", prod: "policy-reporter" },
  size: "xs",
  priority: "low",
  network: [usesKubernetesApi(), talksToItself(Port.tcp(8080)), scrapedBy(metrics, 8080)],
  places: {
    podLabels: [
      { at: "podLabels", containers: { "policy-reporter": "app" } },
      { at: "kyvernoPlugin.podLabels", containers: { "kyverno-plugin": "app" } },
      { at: "ui.podLabels", containers: { ui: "app" } },
    ],
    priorityClassName: ["priorityClassName", "kyvernoPlugin.priorityClassName", "ui.priorityClassName"],
    resources: ["resources", "kyvernoPlugin.resources", "ui.resources"],
    replicas: ["replicaCount", "kyvernoPlugin.replicaCount", "ui.replicaCount"],
  },
  override: { prod: { hibernate: true, namespace: "security" } },
});
