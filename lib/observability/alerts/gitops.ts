import type { AlertGroup } from "../alert.ts";

const app = (sync: string, health: string, values: string) => ({
  [`argocd_app_info{job="argocd",name="whoami",namespace="argocd",sync_status="${sync}",health_status="${health}"}`]:
    values,
});
const labels = (sync_status: string, health_status: string) => ({
  job: "argocd",
  name: "whoami",
  namespace: "argocd",
  sync_status,
  health_status,
});

/** Alerts of Applications that ArgoCD cannot bring to the state that Git has. */
export const gitopsAlerts: AlertGroup = {
  name: "gitops",
  alerts: [
    {
      name: "ArgoCdAppOutOfSync",
      expression: 'argocd_app_info{sync_status!="Synced"} == 1',
      for: "1h",
      severity: "warning",
      summary: "The application {{ $labels.name }} is {{ $labels.sync_status }}",
      description: "The cluster is not what Git says, and self-healing does not get it there.",
      fires: [
        {
          series: app("OutOfSync", "Healthy", "1x120"),
          at: "90m",
          labels: [labels("OutOfSync", "Healthy")],
        },
        { series: app("Unknown", "Healthy", "1x120"), at: "90m", labels: [labels("Unknown", "Healthy")] },
      ],
      quiet: [
        { series: app("Synced", "Healthy", "1x120"), at: "90m", because: "it is in sync" },
        {
          series: { ...app("OutOfSync", "Healthy", "1x20 _x100"), ...app("Synced", "Healthy", "_x21 1x99") },
          at: "90m",
          because: "a sync took twenty minutes",
        },
      ],
    },
    {
      name: "ArgoCdAppUnhealthy",
      expression: 'argocd_app_info{health_status!~"Healthy|Progressing|Suspended"} == 1',
      for: "15m",
      severity: "warning",
      summary: "The application {{ $labels.name }} is {{ $labels.health_status }}",
      description: "One of its objects is degraded or missing.",
      fires: [
        { series: app("Synced", "Degraded", "1x60"), at: "30m", labels: [labels("Synced", "Degraded")] },
      ],
      quiet: [
        { series: app("Synced", "Progressing", "1x60"), at: "30m", because: "it is on its way" },
        { series: app("Synced", "Suspended", "1x60"), at: "30m", because: "somebody paused it" },
      ],
    },
    {
      name: "ArgoCdSyncFails",
      expression: 'sum by (name) (increase(argocd_app_sync_total{phase=~"Error|Failed"}[1h])) > 2',
      for: "0s",
      severity: "warning",
      summary: "{{ $value | humanize }} syncs of {{ $labels.name }} failed within an hour",
      description: "ArgoCD tries again and again: an object is refused, or Git cannot be reached.",
      fires: [
        {
          series: {
            'argocd_app_sync_total{job="argocd",name="whoami",namespace="argocd",phase="Failed"}':
              "0x5 1+1x10 11x60",
          },
          at: "30m",
          labels: [{ name: "whoami" }],
        },
      ],
      quiet: [
        {
          series: {
            'argocd_app_sync_total{job="argocd",name="whoami",namespace="argocd",phase="Succeeded"}':
              "0+1x60",
          },
          at: "30m",
          because: "syncs that succeed are no news",
        },
      ],
    },
  ],
};
