import { describe, expect, test } from "vitest";
import { fluentBit } from "../../apps/fluent-bit.ts";
import { grafana } from "../../apps/grafana.ts";
import { loki } from "../../apps/loki.ts";
import { nodeExporter } from "../../apps/node-exporter.ts";
import { victoriaMetrics } from "../../apps/victoria-metrics.ts";
import { chartValues } from "../../lib/app/chart-values.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { hostIn } from "../../lib/app/declaration.ts";
import { resolveApp } from "../../lib/app/resolved-app.ts";
import { alertGroupsOf } from "../../lib/observability/alert-rules.ts";
import { METRIC_SOURCES } from "../../lib/observability/metric-sources.ts";
import { unknownValues } from "../lib/core/helm/chart-keys.ts";
import { parsed } from "../stacks/homelab.ts";

const prod = parsed("prod");

const keys = (chart: string): URL => new URL(`./${chart}.keys.txt`, import.meta.url);

/** The values that a chart gets of an app: its own, and what the app's places add. */
const valuesOf = (app: AppDeclaration, environment: string) =>
  chartValues(resolveApp(app, parsed(environment)));

describe("values and places are the chart's", () => {
  test.each([
    ["prometheus-node-exporter-4.52.0", nodeExporter],
    ["fluent-bit-0.56.0", fluentBit],
  ])("%s", (chart, app) => {
    expect(unknownValues(keys(chart), valuesOf(app, "prod"))).toEqual([]);
  });

  test("grafana-10.3.0; below grafana.ini are Grafana's own settings", () => {
    const { "grafana.ini": settings, ...values } = valuesOf(grafana, "prod");
    expect(settings).toMatchObject({ server: { root_url: `https://${hostIn(grafana, "prod", "")}` } });
    expect(unknownValues(keys("grafana-10.3.0"), values)).toEqual([]);
  });

  test.each<string>(["dev", "prod"])(
    "victoria-metrics-k8s-stack-0.72.5 with its subcharts and the CRDs of its specs, %s",
    (environment) => {
      const {
        "victoria-metrics-operator": operator,
        "kube-state-metrics": state,
        ...stack
      } = valuesOf(victoriaMetrics, environment);
      expect(unknownValues(keys("victoria-metrics-operator-0.59.3"), operator)).toEqual([]);
      expect(unknownValues(keys("kube-state-metrics-7.2.1"), state)).toEqual([]);
      const ofObjects = unknownValues(keys("victoria-metrics-operator-0.59.3.specs"), stack);
      const ofChart = unknownValues(keys("victoria-metrics-k8s-stack-0.72.5"), stack);
      expect(ofChart.filter((path) => ofObjects.includes(path))).toEqual([]);
    },
  );

  test("a misspelt one is found", () => {
    const values = { persistance: { enabled: true } };
    expect(unknownValues(keys("grafana-10.3.0"), values)).toEqual(["/persistance/enabled"]);
  });
});

describe("what belongs together", () => {
  test("jobs of the stack's own pods are those that alerts name", () => {
    const { fullnameOverride } = valuesOf(victoriaMetrics, "prod") as unknown as { fullnameOverride: string };
    expect(METRIC_SOURCES.vmalert.job).toBe(`vmalert-${fullnameOverride}`);
    expect(METRIC_SOURCES.alertmanager.job).toBe(`vmalertmanager-${fullnameOverride}`);
  });

  test("kube-state-metrics collects what alerts ask for", () => {
    const values = valuesOf(victoriaMetrics, "prod") as unknown as {
      "kube-state-metrics": { collectors: string[] };
    };
    const collected = values["kube-state-metrics"].collectors.map(
      (name) => `kube_${name.replace(/s$/, "")}_`,
    );
    const asked = METRIC_SOURCES["kube-state-metrics"].metrics.map(({ name }) => name);
    expect(asked.filter((name) => !collected.some((prefix) => `${name}_`.startsWith(prefix)))).toEqual([]);
  });

  test("Grafana asks the services of the other two", () => {
    const text = JSON.stringify(valuesOf(grafana, "prod"));
    expect(text).toContain(`http://${victoriaMetrics.props.service?.name}.monitoring.svc:8428`);
    expect(text).toContain(`http://${loki.name}.monitoring.svc:3100`);
  });

  test("every heartbeat has a route of its own, and no other alert does", () => {
    const { config } = (
      valuesOf(victoriaMetrics, "prod") as unknown as {
        alertmanager: { config: { route: { routes: { matchers: string[] }[] } } };
      }
    ).alertmanager;
    const beats = alertGroupsOf(prod)
      .flatMap(({ alerts }) => alerts)
      .filter(({ severity }) => severity === "none")
      .map(({ name }) => `alertname = "${name}"`);
    expect(config.route.routes.flatMap(({ matchers }) => matchers).sort()).toEqual(beats.sort());
  });

  test("addresses of receivers are read from files: none is in the values", () => {
    const { config } = (
      valuesOf(victoriaMetrics, "prod") as unknown as { alertmanager: { config: { receivers: object[] } } }
    ).alertmanager;
    expect(JSON.stringify(config.receivers).match(/https?:/)).toBeNull();
    expect(config.receivers).toMatchObject([
      { discord_configs: [{ webhook_url_file: expect.stringMatching(/DISCORD_WEBHOOK_URL$/) }] },
      { webhook_configs: [{ url_file: expect.stringMatching(/WATCHDOG_URL$/) }] },
      { webhook_configs: [{ url_file: expect.stringMatching(/ETCD_BACKUP_URL$/) }] },
    ]);
  });
});
