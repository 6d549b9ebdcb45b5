import { describe, expect, test } from "vitest";
import { apps } from "../../apps/index.ts";
import { chartValues } from "../../lib/app/chart-values.ts";
import { environmentsOf } from "../../lib/app/declaration.ts";
import { type ResolvedApp, resolveApp } from "../../lib/app/resolved-app.ts";
import { secretNames } from "../../lib/app/secrets.ts";
import { unknownValues } from "../lib/core/helm/chart-keys.ts";
import { environments } from "../stacks/homelab.ts";

/** The list of keys of each chart, with those of charts inside it that it switches on; where the very version could not be had, the nearest one before it. */
const KEYS: Readonly<Record<string, string>> = {
  "authentik 2026.2.3": "authentik-2026.2.3",
  "cert-manager v1.14.4": "cert-manager-v1.14.4",
  "cert-manager-webhook-gandi v0.5.2": "cert-manager-webhook-gandi-v0.5.1",
  "cloudnative-pg 0.27.0": "cloudnative-pg-0.27.0",
  "external-dns 1.21.1": "external-dns-1.21.1",
  "goldilocks 10.2.0": "goldilocks-10.2.0",
  "headlamp 0.42.0": "headlamp-0.42.0",
  "it-tools 0.1.4": "it-tools-0.1.4",
  "keda 2.18.3": "keda-2.18.3",
  "metrics-server 3.12.2": "metrics-server-3.12.2",
  "policy-reporter 2.24.2": "policy-reporter-2.24.2",
  "radar 1.5.14": "radar-1.5.14",
  "reloader 2.2.7": "reloader-2.2.7",
  "secrets-operator 0.10.26": "secrets-operator-0.10.26",
  "snapshot-controller 5.0.4": "snapshot-controller-5.0.4",
  "stirling-pdf-chart 2.2.0": "stirling-pdf-chart-2.0.2",
  "traefik 25.0.0": "traefik-25.0.0",
  "trivy-operator 0.31.0": "trivy-operator-0.31.0",
  "velero 12.0.0": "velero-12.0.0",
};

/** `app-template` here carries objects alone; observability has tests of their own. */
const CHECKED_ELSEWHERE: ReadonlySet<string> = new Set([
  "app-template",
  "fluent-bit",
  "grafana",
  "loki",
  "prometheus-node-exporter",
  "victoria-metrics-k8s-stack",
]);

/** Entry points of Traefik beside its own: a template loops over them, so no list names them. */
const ENTRY_POINT = /^\/ports\/(mqtt|coiot|frigate-\w+)\/(port|exposedPort|expose|protocol)$/;

const resolved: readonly ResolvedApp[] = environments().flatMap((environment) =>
  apps
    .filter((app) => environmentsOf(app).some((name) => name === environment.name))
    .map((app) => resolveApp(app, environment)),
);

const charts = resolved.flatMap((app) =>
  app.source.kind === "chart" && !CHECKED_ELSEWHERE.has(app.source.props.chart.name)
    ? [
        {
          id: `${app.environment}/${app.name}`,
          app,
          chart: `${app.source.props.chart.name} ${app.source.version}`,
        },
      ]
    : [],
);

test("every app is there once, in the order of names", () => {
  const names = apps.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
});

describe("chart values", () => {
  test.each(charts)("$id: the chart knows them", ({ app, chart }) => {
    const keys = KEYS[chart];
    expect(Object.keys(KEYS)).toContain(chart);
    const unknown = unknownValues(new URL(`charts/${keys}.keys.txt`, import.meta.url), chartValues(app));
    expect(unknown.filter((path) => !ENTRY_POINT.test(path))).toEqual([]);
  });

  test("a misspelt value is found", () => {
    expect(
      unknownValues(new URL("charts/traefik-25.0.0.keys.txt", import.meta.url), {
        deployment: { replica: 2 },
      }),
    ).toEqual(["/deployment/replica"]);
  });
});

/** Names of Secrets that values refer to. */
const references = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    ["secretKeyRef", "secretRef", "passwordSecret", "superuserSecret", "accessKeyId"].includes(key)
      ? [String((child as { name: unknown }).name)]
      : references(child),
  );
};

test.each(resolved.map((app) => ({ id: `${app.environment}/${app.name}`, app })))(
  "$id: its values name only Secrets that it has",
  ({ app }) => {
    const own = new Set(secretNames(app));
    expect(references(app.values).filter((name) => !own.has(name))).toEqual([]);
  },
);
