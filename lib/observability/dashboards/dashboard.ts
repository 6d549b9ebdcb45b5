import type {
  Dashboard as GrafanaDashboard,
  Panel as GrafanaPanel,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { USUAL_NAMES } from "../../core/platform/names.ts";
import { unknownMetrics } from "../absence.ts";
import { parsePromql } from "../promql.ts";

/** Grafana's schema of dashboards, version 42, and the types that Grafana publishes for it. */
const SCHEMA_VERSION = 42;
/** Grafana's grid has 24 columns: three panels beside each other. */
const WIDTH = 8;
const HEIGHT = 8;
const PER_ROW = 3;

/** One line, or one column of numbers, in a panel. */
export interface Query {
  /** PromQL that Prometheus and VictoriaMetrics both read. */
  readonly expression: string;
  /** Name of each line, e.g. `{{instance}}`. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** Explanation of what the panel shows. */
  readonly description: string;
  readonly kind: "timeseries" | "stat" | "table";
  /** A unit of Grafana's, e.g. `bytes`, `percentunit`, `s`, `short`. */
  readonly unit: string;
  readonly queries: readonly [Query, ...Query[]];
  /** The value from which on the panel is red. @default - never */
  readonly alarmAbove?: number;
}

export interface Dashboard {
  /** Stable part of its address, e.g. `capacity`. */
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The JSON that Grafana's sidecar reads from a ConfigMap. */
export const dashboardJson = ({ uid, title, panels }: Dashboard, prefix: string): GrafanaDashboard => ({
  uid: `${prefix}-${uid}`,
  title,
  tags: [prefix],
  timezone: "browser",
  editable: false,
  schemaVersion: SCHEMA_VERSION,
  time: { from: "now-24h", to: "now" },
  refresh: "1m",
  templating: {},
  annotations: {},
  panels: panels.map(panelJson),
});

const panelJson = (panel: Panel, index: number): GrafanaPanel => ({
  id: index + 1,
  type: panel.kind,
  title: panel.title,
  description: panel.description,
  gridPos: {
    x: (index % PER_ROW) * WIDTH,
    y: Math.floor(index / PER_ROW) * HEIGHT,
    w: WIDTH,
    h: HEIGHT,
  },
  targets: panel.queries.map(({ expression, legend }, at) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + at),
    expr: expression,
    legendFormat: legend,
    // A number or a table is of now; a line is of the time shown.
    ...(panel.kind === "timeseries" ? { range: true } : { instant: true }),
    ...(panel.kind === "table" && { format: "table" }),
  })) as GrafanaPanel["targets"] & object,
  fieldConfig: {
    defaults: {
      unit: panel.unit,
      ...(panel.alarmAbove !== undefined && {
        thresholds: {
          mode: "absolute" as ThresholdsMode,
          steps: [
            { value: null, color: "green" },
            { value: panel.alarmAbove, color: "red" },
          ],
        },
      }),
    },
    overrides: [],
  },
});

/** A ConfigMap with a dashboard, under the label that Grafana's sidecar looks for. */
export interface DashboardConfigMap {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: { readonly grafana_dashboard: "1" };
  };
  readonly data: Readonly<Record<string, string>>;
}

/** The dashboards as ConfigMaps. Refused, all at once: see `dashboardProblems`. */
export const dashboardConfigMaps = (
  dashboards: readonly Dashboard[],
  namespace: string,
  prefix: string = USUAL_NAMES.prefix,
): DashboardConfigMap[] => {
  const problems = dashboardProblems(dashboards);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return dashboards.map((dashboard) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `dashboard-${dashboard.uid}`, namespace, labels: { grafana_dashboard: "1" } },
    data: { [`${dashboard.uid}.json`]: JSON.stringify(dashboardJson(dashboard, prefix)) },
  }));
};

/** Lists the problems of dashboards, a line each: expressions as for alerts, names that stand twice, empty ones. */
export const dashboardProblems = (dashboards: readonly Dashboard[]): string[] => {
  const uids = dashboards.map(({ uid }) => uid);
  return [
    ...dashboards.flatMap(({ uid, panels }) => [
      ...(panels.length === 0 ? [`dashboard ${uid}: panels: must not be empty: got []`] : []),
      ...panels.flatMap(({ title, queries }) => {
        const path = `dashboard ${uid}: ${title}`;
        return queries.flatMap(({ expression }) => [
          ...parsePromql(expression).problems.map(
            (problem) => `${path}: ${problem}: got ${JSON.stringify(expression)}`,
          ),
          ...unknownMetrics(path, expression),
        ]);
      }),
    ]),
    ...uids
      .filter((uid, at) => uids.indexOf(uid) !== at)
      .map((uid) => `dashboards: uid: must be unique: got ${uid} twice`),
  ];
};
