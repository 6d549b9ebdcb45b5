import type { AlertGroup } from "../alert.ts";

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
    },
    {
      name: "ArgoCdAppUnhealthy",
      expression: 'argocd_app_info{health_status!~"Healthy|Progressing|Suspended"} == 1',
      for: "15m",
      severity: "warning",
      summary: "The application {{ $labels.name }} is {{ $labels.health_status }}",
      description: "One of its objects is degraded or missing.",
    },
    {
      name: "ArgoCdSyncFails",
      expression: 'sum by (name) (increase(argocd_app_sync_total{phase=~"Error|Failed"}[1h])) > 2',
      for: "0s",
      severity: "warning",
      summary: "{{ $value | humanize }} syncs of {{ $labels.name }} failed within an hour",
      description: "ArgoCD tries again and again: an object is refused, or Git cannot be reached.",
    },
  ],
};
