import { parsePromql } from "./promql.ts";

/**
 * The time within which somebody must look: `critical` at once, `warning` within the day. `none` is the heartbeat,
 * which reaches nobody as long as it arrives.
 */
export type Severity = "critical" | "warning" | "none";

/**
 * Series as promtool writes them: a selector with its labels, and values a minute apart, e.g. `1x10 0x20` or
 * `0+60x120`.
 */
export type Samples = Readonly<Record<string, string>>;

/** Series and a moment at which the alert must be firing, once for each set of labels. */
export interface Firing {
  readonly series: Samples;
  /** Time after the first sample, e.g. `20m`. */
  readonly at: string;
  /** Labels of each alert, without its name and severity. */
  readonly labels: readonly Readonly<Record<string, string>>[];
}

/** Series and a moment at which the alert must keep silent. */
export interface Quiet {
  readonly series: Samples;
  readonly at: string;
  /** The reason why this is no cause to call. */
  readonly because: string;
}

/** An alert as data, with the series that show what it does. */
export interface Alert {
  /** UpperCamelCase; also the anchor of its entry in `docs/runbooks/alerts.md`, in lower case. */
  readonly name: string;
  /** PromQL that both Prometheus and VictoriaMetrics read. */
  readonly expression: string;
  /** The time for which it must hold before the alert fires, e.g. `15m`; `0s` for at once. */
  readonly for: string;
  readonly severity: Severity;
  /** Labels that the alert gets beside those of its series. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** One line; `{{ $labels.x }}` for a label of the alert. */
  readonly summary: string;
  /** The meaning of the alert for the cluster. */
  readonly description: string;
  readonly fires: readonly [Firing, ...Firing[]];
  readonly quiet: readonly Quiet[];
}

/** Alerts that ship with what they guard. */
export interface AlertGroup {
  /** Name of the group of rules, e.g. `etcd`. */
  readonly name: string;
  readonly alerts: readonly Alert[];
}

const DURATION = /^(\d+(ms|s|m|h|d|w))+$/;
/** Labels of series that an annotation names. */
const NAMED_LABEL = /\$labels\.(\w+)/g;
const TEMPLATE = /\{\{.*?\}\}/g;
/** Templates that both Prometheus and vmalert render the same way. */
const KNOWN_TEMPLATE =
  /^\{\{ \$(labels\.[A-Za-z_]\w*|value( \| (humanize|humanizePercentage|humanizeDuration|humanize1024))?) \}\}$/;

/** The place of the steps for an alert. */
export const runbookLink = ({ name }: Pick<Alert, "name">): string =>
  `docs/runbooks/alerts.md#${name.toLowerCase()}`;

/** Lists the problems of an alert, a line each: path, rule, value. */
export const alertProblems = (alert: Alert): string[] => {
  const { name, expression, severity, fires, quiet } = alert;
  const line = (path: string, rule: string, value: unknown) =>
    `alert ${name}: ${path}: ${rule}: got ${JSON.stringify(value)}`;
  const labels = fires.flatMap((firing) => firing.labels);
  return [
    ...(/^([A-Z][a-z0-9]+)+$/.test(name) ? [] : [line("name", "must be UpperCamelCase", name)]),
    ...parsePromql(expression).problems.map((problem) => line("expression", problem, expression)),
    ...(DURATION.test(alert.for) ? [] : [line("for", "must be a duration such as 15m", alert.for)]),
    ...[...fires, ...quiet]
      .filter(({ at }) => !DURATION.test(at))
      .map(({ at }) => line("at", "must be a duration such as 15m", at)),
    ...(severity !== "none" && quiet.length === 0
      ? [line("quiet", "must show when the alert keeps silent", quiet)]
      : []),
    ...(["summary", "description"] as const).flatMap((path) => [
      ...(alert[path].trim() === "" ? [line(path, "must not be empty", alert[path])] : []),
      ...(alert[path].match(TEMPLATE) ?? [])
        .filter((template) => !KNOWN_TEMPLATE.test(template))
        .map((template) => line(path, "must use $labels.x or $value alone", template)),
      ...[...alert[path].matchAll(NAMED_LABEL)]
        .map(([, label = ""]) => label)
        .filter((label) => labels.some((each) => !(label in each)))
        .map((label) => line(path, "must name labels that the alert has where it fires", label)),
    ]),
  ];
};
