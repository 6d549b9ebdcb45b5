/** Webhooks without whose answer no pod of an app is made. */

import type { ChartFacts, KnownChart } from "../../../environments/recorded/chart-facts.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import type { LabelSelector, RenderedWebhooks } from "../../core/facts/rendered.ts";
import { podTemplateOf } from "../../core/facts/rendered.ts";
import { listOf, textOf } from "../../core/fields.ts";

type Labels = Readonly<Record<string, string>>;

const selects = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const isIn = value !== undefined && values.includes(value);
    return operator === "In" ? isIn : !isIn;
  });

const holds = (list: unknown, ...wanted: readonly string[]): boolean =>
  listOf(list).some((each) => wanted.includes(textOf(each) ?? ""));

const isOfPods = (rule: Readonly<Record<string, unknown>>): boolean =>
  holds(rule.apiGroups, "", "*") &&
  holds(rule.resources, "pods", "*", "*/*") &&
  holds(rule.operations, "CREATE", "*");

/** Labels of the pods of a release; those that policies select them by where nothing is rendered. */
const podLabels = (app: ResolvedApp, chart: ChartFacts | undefined): readonly Labels[] =>
  chart?.known && chart.workloads.length > 0
    ? chart.workloads.map((each) => podTemplateOf(each).metadata.labels ?? {})
    : [app.podLabels];

const webhooksOf = ({ webhooks }: KnownChart): readonly RenderedWebhooks["webhooks"][number][] =>
  webhooks.flatMap((each) => each.webhooks);

/** Names of the apps that have a webhook which is closed while its pods are down, and matches a pod of the app. */
export const failsClosedFor = (
  app: ResolvedApp,
  charts: readonly ChartFacts[],
  apps: readonly ResolvedApp[],
): string[] => {
  const namespace = { "kubernetes.io/metadata.name": app.namespace };
  const pods = podLabels(
    app,
    charts.find(({ release }) => release === app.name),
  );
  return charts.flatMap((chart) =>
    chart.known &&
    apps.some(({ name }) => name === chart.release) &&
    webhooksOf(chart).some(
      ({ failurePolicy = "Fail", rules = [], namespaceSelector = {}, objectSelector = {} }) =>
        failurePolicy === "Fail" &&
        rules.some(isOfPods) &&
        selects(namespaceSelector, namespace) &&
        pods.some((labels) => selects(objectSelector, labels)),
    )
      ? [chart.release]
      : [],
  );
};
