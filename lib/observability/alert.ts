import { parsePromql } from "./promql.ts";

/**
 * The time within which somebody must look: `critical` at once, `warning` within the day. `none` is the heartbeat,
 * which reaches nobody as long as it arrives.
 */
export type Severity = "critical" | "warning" | "none";

/** An alert as data; the series that show what it does are in its tests. */
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
}

/** Alerts that ship with what they guard. */
export interface AlertGroup {
  /** Name of the group of rules, e.g. `etcd`. */
  readonly name: string;
  readonly alerts: readonly Alert[];
}

const DURATION = /^(\d+(ms|s|m|h|d|w))+$/;
const TEMPLATE = /\{\{.*?\}\}/g;
/** Templates that both Prometheus and vmalert render the same way. */
const KNOWN_TEMPLATE =
  /^\{\{ \$(labels\.[A-Za-z_]\w*|value( \| (humanize|humanizePercentage|humanizeDuration|humanize1024))?) \}\}$/;

/** The place of the steps for an alert. */
export const runbookLink = ({ name }: Pick<Alert, "name">): string =>
  `docs/runbooks/alerts.md#${name.toLowerCase()}`;

/** Lists the problems of an alert, a line each: path, rule, value. */
export const alertProblems = (alert: Alert): string[] => {
  const { name, expression } = alert;
  const line = (path: string, rule: string, value: unknown) =>
    `alert ${name}: ${path}: ${rule}: got ${JSON.stringify(value)}`;
  return [
    ...(/^([A-Z][a-z0-9]+)+$/.test(name) ? [] : [line("name", "must be UpperCamelCase", name)]),
    ...parsePromql(expression).problems.map((problem) => line("expression", problem, expression)),
    ...(DURATION.test(alert.for) ? [] : [line("for", "must be a duration such as 15m", alert.for)]),
    ...(["summary", "description"] as const).flatMap((path) => [
      ...(alert[path].trim() === "" ? [line(path, "must not be empty", alert[path])] : []),
      ...(alert[path].match(TEMPLATE) ?? [])
        .filter((template) => !KNOWN_TEMPLATE.test(template))
        .map((template) => line(path, "must use $labels.x or $value alone", template)),
    ]),
  ];
};
