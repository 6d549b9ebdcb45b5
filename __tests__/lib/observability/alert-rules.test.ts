import { describe, expect, test } from "vitest";
import {
  alertGroups,
  alertRules,
  groupProblems,
  ruleOf,
  withAbsence,
} from "../../../lib/observability/alert-rules.ts";
import { anAlert } from "./alerts.ts";

const groupOf = (...alerts: ReturnType<typeof anAlert>[]) => [{ name: "g", alerts }];

describe("a rule", () => {
  test("carries severity, its own labels, texts and the runbook", () => {
    expect(ruleOf(anAlert({ labels: { source: "x" } }))).toEqual({
      alert: "NodeGone",
      expr: 'up{job="node-exporter"} == 0',
      for: "5m",
      labels: { severity: "warning", source: "x" },
      annotations: {
        summary: "{{ $labels.instance }} is gone",
        description: "Its value is {{ $value | humanize }}.",
        runbook: "docs/runbooks/alerts.md#nodegone",
      },
    });
  });
});

describe("objects", () => {
  test("one VMRule a group, and one for what is missing", () => {
    const rules = alertRules(groupOf(anAlert()), "monitoring");
    expect(rules.map(({ kind, metadata }) => [kind, metadata])).toEqual([
      ["VMRule", { name: "alerts-g", namespace: "monitoring" }],
      ["VMRule", { name: "alerts-metrics-missing", namespace: "monitoring" }],
    ]);
  });

  test("those of the project are well", () => {
    for (const rule of alertRules(alertGroups(), "monitoring")) expect(() => rule.validate()).not.toThrow();
  });
});

describe("the project's alerts", () => {
  test("have no problem, the generated ones included", () => {
    expect(groupProblems(alertGroups())).toEqual([]);
    const [generated] = withAbsence(alertGroups()).slice(-1);
    expect(groupProblems([{ name: "x", alerts: generated?.alerts.slice(0, 1) ?? [] }])).toEqual([]);
  });

  test.each([
    ["quorum", "EtcdQuorumLost"],
    ["leader changes", "EtcdLeaderChanges"],
    ["certificate expiry", "CertificateExpiresSoon"],
    ["quota above 90 %", "NamespaceQuotaAlmostFull"],
    ["node memory", "NodeMemoryLow"],
    ["policy drops", "PolicyDrops"],
    ["ArgoCD out of sync", "ArgoCdAppOutOfSync"],
    ["volume backup age", "VolumeBackupTooOld"],
    ["the heartbeat", "Watchdog"],
  ])("guard %s", (_, name) => {
    expect(alertGroups().flatMap(({ alerts }) => alerts.map((alert) => alert.name))).toContain(name);
  });
});

describe("refused, all at once", () => {
  test("a broken expression, a metric that nothing has, a name twice, an empty group", () => {
    const groups = [
      ...groupOf(anAlert({ expression: "up ==" }), anAlert({ expression: "no_such_metric > 1" })),
      { name: "g", alerts: [] },
    ];
    expect(() => alertRules(groups, "monitoring")).toThrow(
      [
        'alert NodeGone: expression: at 6: cannot be read: ends too early: got "up =="',
        "alert NodeGone: expression: must ask for metrics that METRIC_SOURCES has, or it is never true: got no_such_metric",
        "alerts: group g: must have an alert: got []",
        "alerts: names must be unique: got NodeGone twice",
        "alerts: groups must be unique: got g twice",
      ].join("\n"),
    );
  });
});
