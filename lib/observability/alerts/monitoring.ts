import type { AlertGroup } from "../alert.ts";

/** Alerts of the monitoring itself: the heartbeat, and the parts that an alert passes through. */
export const monitoringAlerts: AlertGroup = {
  name: "monitoring",
  alerts: [
    {
      name: "Watchdog",
      expression: "vector(1)",
      for: "0s",
      severity: "none",
      summary: "The heartbeat of this cluster's alerts",
      description: "Always firing. Whoever waits for it outside the cluster calls when it stops.",
      fires: [{ series: {}, at: "5m", labels: [{}] }],
      quiet: [],
    },
    {
      name: "TargetDown",
      expression: 'up{job!="etcd"} == 0',
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.job }} at {{ $labels.instance }} cannot be scraped",
      description: "It is down, or a network policy is in the way. Alerts on its metrics cannot fire.",
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
    {
      name: "RuleEvaluationFails",
      expression: "sum(increase(vmalert_alerting_rules_errors_total[30m])) > 0",
      for: "10m",
      severity: "critical",
      summary: "{{ $value | humanize }} evaluations of rules failed within half an hour",
      description:
        "Alerts do not fire although they should: storage does not answer, or an expression is too dear.",
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
    {
      name: "NotificationsFail",
      expression: "sum by (integration) (increase(alertmanager_notifications_failed_total[30m])) > 0",
      for: "10m",
      severity: "critical",
      summary: "Alertmanager cannot reach {{ $labels.integration }}",
      description: "Alerts fire and nobody hears of them; this one arrives by another way, or in Grafana.",
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
  ],
};
