import { app, uses, usesKubernetesApi } from "../lib/app/index.ts";
import { dashboards } from "../lib/observability/objects.ts";
import { loki } from "./loki.ts";
import { victoriaMetrics } from "./victoria-metrics.ts";

const NAMESPACE = "monitoring";

/** Metrics and logs to look at; its dashboards come with it. */
export const grafana = app("grafana", {
  chart: { repository: "https://grafana.github.io/helm-charts", name: "grafana", version: "10.3.0" },
  host: { prod: "grafana.truxonline.com" },
  namespace: NAMESPACE,
  port: 3000,
  service: { name: "grafana", port: 80 },
  size: "s",
  network: [uses(victoriaMetrics), uses(loki), usesKubernetesApi()],
  // Keys admin-user and admin-password.
  secrets: ["/apps/02-monitoring/grafana"],
  storage: { data: { class: "synelia-iscsi-retain", size: "10Gi" } },
  places: {
    podLabels: [{ at: "podLabels", containers: { grafana: "app", "grafana-sc-dashboard": "xs" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources", { at: "sidecar.resources", size: "xs" }],
    replicas: ["replicas"],
  },
  values: (environment) => ({
    testFramework: { enabled: false },
    rbac: { namespaced: true },
    deploymentStrategy: { type: "Recreate" },
    admin: { existingSecret: "grafana-secrets" },
    persistence: { enabled: true, existingClaim: "grafana-data" },
    // The pod's group owns the volume: nobody has to be root for it.
    initChownData: { enabled: false },
    "grafana.ini": {
      server: { root_url: "https://grafana.truxonline.com" },
      analytics: { check_for_updates: false, reporting_enabled: false },
    },
    datasources: {
      "datasources.yaml": {
        apiVersion: 1,
        datasources: [
          {
            name: "VictoriaMetrics",
            type: "prometheus",
            url: "http://vmsingle-vm-stack.monitoring.svc:8428",
            access: "proxy",
            isDefault: true,
          },
          { name: "Loki", type: "loki", url: "http://loki.monitoring.svc:3100", access: "proxy" },
        ],
      },
    },
    sidecar: { dashboards: { enabled: true, labelValue: "1", searchNamespace: NAMESPACE } },
    extraObjects: dashboards(environment, NAMESPACE),
  }),
});
