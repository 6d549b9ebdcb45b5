import type { AlertGroup } from "../alert.ts";

/** Alerts of flows that network policies stop, or would stop. */
export const networkAlerts: AlertGroup = {
  name: "network",
  alerts: [
    {
      name: "PolicyDrops",
      expression:
        'sum by (instance, direction) (rate(cilium_drop_count_total{reason="Policy denied"}[10m])) > 0.2',
      for: "15m",
      severity: "warning",
      summary:
        "Policies drop {{ $value | humanize }} packets a second at {{ $labels.instance }}, {{ $labels.direction }}",
      description:
        "A flow that nobody declared is wanted again and again, or a flow that is needed was not declared.",
    },
    {
      name: "PolicyWouldDrop",
      expression: 'sum by (direction) (increase(hubble_policy_verdicts_total{action="audit"}[1h])) > 0',
      for: "0s",
      severity: "warning",
      summary:
        "In audit, policies would have dropped {{ $value | humanize }} connections, {{ $labels.direction }}",
      description: "With `enforce` these flows die. Declare them, or see that nobody needs them.",
    },
  ],
};
