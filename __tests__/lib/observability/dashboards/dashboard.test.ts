import { describe, expect, test } from "vitest";
import {
  type Dashboard,
  dashboardConfigMaps,
  dashboardJson,
  dashboardProblems,
  type Panel,
} from "../../../../lib/observability/dashboards/dashboard.ts";
import { DASHBOARDS } from "../../../../lib/observability/dashboards/dashboards.ts";

const panel = (different: Partial<Panel> = {}): Panel => ({
  title: "Up",
  description: "Who answers.",
  kind: "timeseries",
  unit: "short",
  queries: [{ expression: "up", legend: "{{instance}}" }],
  ...different,
});
const dashboard = (...panels: Panel[]): Dashboard => ({ uid: "x", title: "X", panels });

describe("a dashboard", () => {
  test("has a stable address and panels three in a row", () => {
    const { uid, panels } = dashboardJson(dashboard(...Array.from({ length: 4 }, () => panel())), "lab");
    expect(uid).toBe("lab-x");
    expect(panels?.map(({ id, gridPos }) => [id, gridPos?.x, gridPos?.y])).toEqual([
      [1, 0, 0],
      [2, 8, 0],
      [3, 16, 0],
      [4, 0, 8],
    ]);
  });

  test("asks for what the panel says: lines of a time, numbers and tables of now", () => {
    const json = dashboardJson(
      dashboard(panel(), panel({ kind: "stat" }), panel({ kind: "table", unit: "bytes", alarmAbove: 3 })),
      "lab",
    );
    expect(JSON.parse(JSON.stringify(json)).panels).toMatchObject([
      {
        type: "timeseries",
        targets: [{ refId: "A", expr: "up", legendFormat: "{{instance}}", range: true }],
      },
      { type: "stat", targets: [{ instant: true }] },
      {
        type: "table",
        targets: [{ instant: true, format: "table" }],
        fieldConfig: { defaults: { unit: "bytes", thresholds: { steps: [{ value: null }, { value: 3 }] } } },
      },
    ]);
  });
});

describe("a ConfigMap", () => {
  test("carries the sidecar's label, and JSON", () => {
    const [map] = dashboardConfigMaps([dashboard(panel())], "monitoring");
    expect(map?.metadata).toEqual({
      name: "dashboard-x",
      namespace: "monitoring",
      labels: { grafana_dashboard: "1" },
    });
    expect(JSON.parse(map?.data["x.json"] ?? "")).toMatchObject({ title: "X" });
  });
});

describe("the project's dashboards", () => {
  test("ask for what there is, in expressions that can be read", () => {
    expect(dashboardProblems(DASHBOARDS)).toEqual([]);
  });

  test("are of capacity, etcd, network policy, backups and ArgoCD", () => {
    expect(DASHBOARDS.map(({ uid }) => uid)).toEqual([
      "capacity",
      "etcd",
      "network-policy",
      "backups",
      "gitops",
    ]);
  });
});

test("refused, all at once", () => {
  const broken = (expression: string) => panel({ queries: [{ expression, legend: "" }] });
  expect(() =>
    dashboardConfigMaps([dashboard(broken("sum(up"), broken("no_such_metric")), dashboard()], "monitoring"),
  ).toThrow(
    [
      'dashboard x: Up: at 7: cannot be read: ends too early: got "sum(up"',
      "dashboard x: Up: must ask for metrics that METRIC_SOURCES has, or it is never true: got no_such_metric",
      "dashboard x: panels: must not be empty: got []",
      "dashboards: uid: must be unique: got x twice",
    ].join("\n"),
  );
});
