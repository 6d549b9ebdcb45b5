import type { Alert, AlertGroup } from "./alert.ts";
import { METRIC_SOURCES, type Metric, type MetricSource } from "./metric-sources.ts";
import { type MetricSelector, parsePromql, selectorText } from "./promql.ts";

const SOURCES: readonly MetricSource[] = Object.values(METRIC_SOURCES);

interface Known {
  readonly source: MetricSource;
  readonly metric: Metric;
}

const KNOWN: ReadonlyMap<string, Known> = new Map(
  SOURCES.flatMap((source) => source.metrics.map((metric) => [metric.name, { source, metric }] as const)),
);

/** `up` says for every job whether it is scraped, so its label names the source. */
const upOf = ({ matchers }: MetricSelector): MetricSource | undefined => {
  const job = matchers.find(({ label, operator }) => label === "job" && operator === "=")?.value;
  return SOURCES.find((source) => source.job === job);
};

/** Lists expressions that ask for metrics which no source has, a line each: they could never be true. */
export const unknownMetrics = (path: string, expression: string): string[] =>
  parsePromql(expression)
    .selectors.filter((selector) =>
      selector.metric === "up"
        ? selector.matchers.some(({ operator }) => operator === "=") && !upOf(selector)
        : !KNOWN.has(selector.metric),
    )
    .map(
      (selector) =>
        `${path}: must ask for metrics that METRIC_SOURCES has, or it is never true: got ${selectorText(selector)}`,
    );

/**
 * The series that must exist for the selector to say anything: its labels without those that come and go; undefined
 * for a rare metric.
 */
const presence = (
  selector: MetricSelector,
): (MetricSelector & { readonly source: MetricSource }) | undefined => {
  const known = KNOWN.get(selector.metric);
  if (!known || known.metric.rare !== undefined) return undefined;
  const matchers = selector.matchers.filter(
    ({ label, operator }) => operator === "=" && !known.metric.states?.includes(label),
  );
  return { metric: selector.metric, matchers, source: known.source };
};

/** The sources that the expressions read. */
export const metricSources = (expressions: readonly string[]): MetricSource[] => {
  const selectors = expressions.flatMap((expression) => parsePromql(expression).selectors);
  const names = selectors.flatMap((selector) => KNOWN.get(selector.metric)?.source ?? upOf(selector) ?? []);
  return SOURCES.filter((source) => names.includes(source));
};

/**
 * One alert for each source that the groups read, which fires when the source is not scraped, or when a series that an
 * alert asks for is not there. Without it such an alert would keep silent for ever, and look well.
 */
export const metricsMissing = (groups: readonly AlertGroup[]): AlertGroup => {
  const expressions = groups.flatMap(({ alerts }) => alerts.map(({ expression }) => expression));
  const asked = expressions.flatMap((expression) =>
    parsePromql(expression).selectors.flatMap((selector) => presence(selector) ?? []),
  );
  return {
    name: "metrics-missing",
    alerts: metricSources(expressions).map((source) => {
      const up: MetricSelector = {
        metric: "up",
        matchers: [{ label: "job", operator: "=", value: source.job }],
      };
      const needed = asked.filter((selector) => selector.source === source).map(selectorText);
      return missingAlert(source, [...new Set([selectorText(up), ...needed])]);
    }),
  };
};

/** `absent` alone would carry the labels of the selector; all say the same thing, so each says what is missing. */
const absent = (selector: string): string => {
  const [name] = selector.split("{");
  return `sum by (metric) (label_replace(absent(${selector}), "metric", "${name}", "", ""))`;
};

const missingAlert = (source: MetricSource, selectors: readonly string[]): Alert => ({
  name: "MetricsMissing",
  expression: selectors.map(absent).join(" or "),
  for: "20m",
  severity: "warning",
  labels: { source: source.name },
  summary: "No {{ $labels.metric }} from {{ $labels.source }}",
  description: "Alerts on it cannot fire. The source is not scraped, or its version has other metrics.",
});
