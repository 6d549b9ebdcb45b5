import type { AlertGroup } from "../alert.ts";

const drops = (reason: string, values: string) => ({
  [`cilium_drop_count_total{job="cilium-agent",instance="a",reason="${reason}",direction="EGRESS"}`]: values,
});
const verdicts = (action: string, values: string) => ({
  [`hubble_policy_verdicts_total{job="hubble",instance="a",action="${action}",direction="egress",match="none"}`]:
    values,
});

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
      fires: [
        {
          series: drops("Policy denied", "0+60x60"),
          at: "40m",
          labels: [{ instance: "a", direction: "EGRESS" }],
        },
      ],
      quiet: [
        { series: drops("Policy denied", "0x10 20x50"), at: "40m", because: "a handful of packets once" },
        { series: drops("Stale or unroutable IP", "0+60x60"), at: "40m", because: "no policy did it" },
      ],
    },
    {
      name: "PolicyWouldDrop",
      expression: 'sum by (direction) (increase(hubble_policy_verdicts_total{action="audit"}[1h])) > 0',
      for: "0s",
      severity: "warning",
      summary:
        "In audit, policies would have dropped {{ $value | humanize }} connections, {{ $labels.direction }}",
      description: "With `enforce` these flows die. Declare them, or see that nobody needs them.",
      fires: [{ series: verdicts("audit", "0x10 3x60"), at: "30m", labels: [{ direction: "egress" }] }],
      quiet: [
        { series: verdicts("audit", "7x120"), at: "90m", because: "nothing new happened within the hour" },
        { series: verdicts("forwarded", "0+60x60"), at: "30m", because: "allowed flows are no news" },
      ],
    },
  ],
};
