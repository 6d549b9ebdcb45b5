import { describe, expect, test } from "vitest";
import { metricSources, metricsMissing, unknownMetrics } from "../../../lib/observability/absence.ts";
import { alertGroups } from "../../../lib/observability/alert-rules.ts";
import { anAlert } from "./alerts.ts";

const unknown = (expression: string) => unknownMetrics("x", expression);
const missing = (...expressions: string[]) =>
  metricsMissing([
    { name: "g", alerts: expressions.map((expression) => anAlert({ expression })) },
  ]).alerts.map(({ labels, expression }) => [labels?.source, expression]);
const absent = (metric: string, matchers = "") =>
  `sum by (metric) (label_replace(absent(${metric}${matchers}), "metric", "${metric}", "", ""))`;

describe("metrics that nothing has", () => {
  test.each([
    "etcd_server_has_leader == 0",
    'up{job="etcd"} == 0',
    'up{job!="etcd"} == 0',
    "up == 0",
    "vector(1)",
  ])("known: %s", (expression) => {
    expect(unknown(expression)).toEqual([]);
  });

  test.each([
    ["etcd_has_leader == 0", "etcd_has_leader"],
    ['up{job="etc"} == 0', 'up{job="etc"}'],
    ["rate(no_such_total[5m]) > 0 and up", "no_such_total"],
  ])("refused: %s", (expression, selector) => {
    expect(unknown(expression)).toEqual([
      `x: must ask for metrics that METRIC_SOURCES has, or it is never true: got ${selector}`,
    ]);
  });
});

describe("one alert for each source that is read", () => {
  test("whether it is scraped, and each series that alerts ask for", () => {
    expect(missing('kube_resourcequota{type="used"} > 1', 'up{job="etcd"} == 0')).toEqual([
      ["etcd", absent("up", '{job="etcd"}')],
      [
        "kube-state-metrics",
        `${absent("up", '{job="kube-state-metrics"}')} or ${absent("kube_resourcequota", '{type="used"}')}`,
      ],
    ]);
  });

  test("not with labels that come and go, nor with what is only excluded", () => {
    expect(missing('argocd_app_info{sync_status="OutOfSync",name!="x"} == 1')).toEqual([
      ["argocd", `${absent("up", '{job="argocd"}')} or ${absent("argocd_app_info")}`],
    ]);
  });

  test("not for what may be missing though all is well: its source's scrape stands for it", () => {
    expect(missing("rate(cilium_drop_count_total[5m]) > 1")).toEqual([
      ["cilium-agent", absent("up", '{job="cilium-agent"}')],
    ]);
  });

  test("none for what is not read", () => {
    expect(missing("vector(1)")).toEqual([]);
  });
});

test("each alert reads a source that is watched, but the heartbeat and the one on every scrape", () => {
  const watched = metricsMissing(alertGroups()).alerts.map(({ labels }) => labels?.source);
  const silent = alertGroups()
    .flatMap(({ alerts }) => alerts)
    .filter(({ expression }) => !metricSources([expression]).some(({ name }) => watched.includes(name)))
    .map(({ name }) => name);
  expect(silent).toEqual(["Watchdog", "TargetDown"]);
});
