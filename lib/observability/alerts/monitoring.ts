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
    },
    {
      name: "TargetDown",
      expression: 'up{job!="etcd"} == 0',
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.job }} at {{ $labels.instance }} cannot be scraped",
      description: "It is down, or a network policy is in the way. Alerts on its metrics cannot fire.",
    },
    {
      name: "RuleEvaluationFails",
      expression: "sum(increase(vmalert_alerting_rules_errors_total[30m])) > 0",
      for: "10m",
      severity: "critical",
      summary: "{{ $value | humanize }} evaluations of rules failed within half an hour",
      description:
        "Alerts do not fire although they should: storage does not answer, or an expression is too dear.",
    },
    {
      name: "NotificationsFail",
      expression: "sum by (integration) (increase(alertmanager_notifications_failed_total[30m])) > 0",
      for: "10m",
      severity: "critical",
      summary: "Alertmanager cannot reach {{ $labels.integration }}",
      description: "Alerts fire and nobody hears of them; this one arrives by another way, or in Grafana.",
    },
  ],
};
