import type { Examples } from "./examples.ts";

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

export const gitopsExamples: Examples = {
  ArgoCdAppOutOfSync: {
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
  ArgoCdAppUnhealthy: {
    fires: [{ series: app("Synced", "Degraded", "1x60"), at: "30m", labels: [labels("Synced", "Degraded")] }],
    quiet: [
      { series: app("Synced", "Progressing", "1x60"), at: "30m", because: "it is on its way" },
      { series: app("Synced", "Suspended", "1x60"), at: "30m", because: "somebody paused it" },
    ],
  },
  ArgoCdSyncFails: {
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
          'argocd_app_sync_total{job="argocd",name="whoami",namespace="argocd",phase="Succeeded"}': "0+1x60",
        },
        at: "30m",
        because: "syncs that succeed are no news",
      },
    ],
  },
};
