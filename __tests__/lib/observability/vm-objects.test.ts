import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { alertGroups, alertRules } from "../../../lib/observability/alert-rules.ts";
import { METRIC_SOURCES } from "../../../lib/observability/metric-sources.ts";
import { scrapes } from "../../../lib/observability/scrapes.ts";
import { VmObject } from "../../../lib/observability/vm-objects.ts";

/** Fields of the CRDs of chart victoria-metrics-operator 0.59.3: `Kind/path`, `*` for any element or key. */
const FIELDS = new Set(
  readFileSync(new URL("./victoria-metrics-operator-0.59.3.fields.txt", import.meta.url), "utf8")
    .trim()
    .split("\n"),
);

/** The paths of a value that no field of the CRD covers. */
const strangers = (path: string, value: unknown): string[] => {
  if (path !== "" && !FIELDS.has(path)) return [path];
  if (FIELDS.has(`${path}/*`) && typeof value === "object" && value !== null)
    return Object.values(value).flatMap((each) => strangers(`${path}/*`, each));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => strangers(`${path}/${key}`, each));
};

const meta = { name: "x", namespace: "monitoring" };
const rule = { alert: "X", expr: "up == 0" };

describe("fields", () => {
  test("that this project writes are fields of the CRD", () => {
    const sources = Object.values(METRIC_SOURCES);
    const scraped = scrapes({ namespace: "monitoring", controlPlanes: ["10.0.0.1"], sources });
    for (const { kind, spec } of [...alertRules(alertGroups(), "monitoring"), ...scraped])
      expect(strangers(kind, spec)).toEqual([]);
  });

  test("that the CRD lacks are found", () => {
    expect(strangers("VMRule", { groups: [{ name: "x", rules: [{ ...rule, fore: "1m" }] }] })).toEqual([
      "VMRule/groups/*/rules/*/fore",
    ]);
  });
});

describe("refused", () => {
  test.each<[string, unknown, string]>([
    ["no groups", { groups: [] }, "spec.groups"],
    [
      "a misspelt field",
      { groups: [{ name: "x", rules: [{ ...rule, annotation: {} }] }] },
      "spec.groups.0.rules.0",
    ],
    [
      "another form",
      { groups: [{ name: "x", rules: [{ ...rule, for: "soon" }] }] },
      "spec.groups.0.rules.0.for",
    ],
  ])("a rule with %s", (_, spec, path) => {
    expect(() => new VmObject("VMRule", meta, spec as never).validate()).toThrow(path);
  });

  test("a target without a port", () => {
    const spec = { jobName: "etcd", targetEndpoints: [{ targets: ["192.168.111.162"] }] };
    expect(() => new VmObject("VMStaticScrape", meta, spec).validate()).toThrow(
      "spec.targetEndpoints.0.targets.0: must be host:port",
    );
  });
});

test("JSON has what the API server takes, and nothing else", () => {
  const object = new VmObject("VMRule", meta, { groups: [{ name: "x", rules: [rule] }] });
  expect(JSON.parse(JSON.stringify(object))).toEqual({
    apiVersion: "operator.victoriametrics.com/v1beta1",
    kind: "VMRule",
    metadata: meta,
    spec: { groups: [{ name: "x", rules: [rule] }] },
  });
});
