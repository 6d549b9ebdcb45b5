import type { Alert } from "../../../lib/observability/alert.ts";
import type { AlertExamples } from "./examples/examples.ts";

/** An alert that is well; tests break one thing at a time. */
export const anAlert = (different: Partial<Alert> = {}): Alert => ({
  name: "NodeGone",
  expression: 'up{job="node-exporter"} == 0',
  for: "5m",
  severity: "warning",
  summary: "{{ $labels.instance }} is gone",
  description: "Its value is {{ $value | humanize }}.",
  ...different,
});

/** Its examples. */
export const anExample: AlertExamples = {
  fires: [
    {
      series: { 'up{job="node-exporter",instance="a"}': "0x30" },
      at: "10m",
      labels: [{ job: "node-exporter", instance: "a" }],
    },
  ],
  quiet: [{ series: { 'up{job="node-exporter",instance="a"}': "1x30" }, at: "10m", because: "it answers" }],
};
