import { app, egressToInternet, metrics, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";

/**
 * Looks for known holes in the images of workloads. vixens applies what this chart rendered. It looks at no node, because
 * Talos has not what it would mount. With one node lost prod has no room for it, so it hibernates.
 */
export const trivy = app("trivy", {
  chart: {
    repository: "https://aquasecurity.github.io/helm-charts",
    name: "trivy-operator",
    version: "0.31.0",
  },
  values: {
    // renovate: datasource=docker depName=mirror.gcr.io/aquasec/trivy-operator
    image: { tag: "0.30.1" },
    operator: {
      scanJobTimeout: "10m",
      scanJobsConcurrentLimit: 2,
      sbomGenerationEnabled: false,
      infraAssessmentScannerEnabled: false,
      clusterComplianceEnabled: false,
    },
    // So that what the app may do holds for the jobs that scan, too.
    trivyOperator: { scanJobPodTemplateLabels: "app.kubernetes.io/instance=trivy" },
  },
  port: "none",
  environments: ["prod"],
  namespace: "security",
  size: "m",
  hibernate: true,
  network: [usesKubernetesApi(), egressToInternet(), scrapedBy(metrics, 8080)],
  places: {
    podLabels: [{ at: "operator.podLabels", containers: { "trivy-operator": "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["operator.replicas"],
  },
});
