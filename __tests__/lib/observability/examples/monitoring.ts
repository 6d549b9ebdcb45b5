import type { Examples } from "./examples.ts";

export const monitoringExamples: Examples = {
  Watchdog: {
    fires: [{ series: {}, at: "5m", labels: [{}] }],
    quiet: [],
  },
  TargetDown: {
    fires: [
      {
        series: { 'up{job="argocd",instance="a"}': "1x5 0x40" },
        at: "30m",
        labels: [{ job: "argocd", instance: "a" }],
      },
    ],
    quiet: [
      { series: { 'up{job="argocd",instance="a"}': "1x5 0x8 1x30" }, at: "14m", because: "a restart" },
      {
        series: { 'up{job="etcd",instance="a"}': "0x60" },
        at: "30m",
        because: "EtcdMemberDown says so sooner",
      },
    ],
  },
  RuleEvaluationFails: {
    fires: [
      {
        series: {
          'vmalert_alerting_rules_errors_total{job="vmalert-vm-stack",alertname="EtcdNoLeader"}': "0+1x60",
        },
        at: "40m",
        labels: [{}],
      },
    ],
    quiet: [
      {
        series: {
          'vmalert_alerting_rules_errors_total{job="vmalert-vm-stack",alertname="EtcdNoLeader"}': "2x60",
        },
        at: "40m",
        because: "the errors are older",
      },
    ],
  },
  NotificationsFail: {
    fires: [
      {
        series: {
          'alertmanager_notifications_failed_total{job="vmalertmanager-vm-stack",integration="discord"}':
            "0+1x60",
        },
        at: "40m",
        labels: [{ integration: "discord" }],
      },
    ],
    quiet: [
      {
        series: {
          'alertmanager_notifications_failed_total{job="vmalertmanager-vm-stack",integration="discord"}':
            "5x60",
        },
        at: "40m",
        because: "it failed earlier, and works now",
      },
    ],
  },
};
