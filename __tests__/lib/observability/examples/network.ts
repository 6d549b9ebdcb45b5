import type { Examples } from "./examples.ts";

const drops = (reason: string, values: string) => ({
  [`cilium_drop_count_total{job="cilium-agent",instance="a",reason="${reason}",direction="EGRESS"}`]: values,
});
const verdicts = (action: string, values: string) => ({
  [`hubble_policy_verdicts_total{job="hubble",instance="a",action="${action}",direction="egress",match="none"}`]:
    values,
});

export const networkExamples: Examples = {
  PolicyDrops: {
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
  PolicyWouldDrop: {
    fires: [{ series: verdicts("audit", "0x10 3x60"), at: "30m", labels: [{ direction: "egress" }] }],
    quiet: [
      { series: verdicts("audit", "7x120"), at: "90m", because: "nothing new happened within the hour" },
      { series: verdicts("forwarded", "0+60x60"), at: "30m", because: "allowed flows are no news" },
    ],
  },
};
