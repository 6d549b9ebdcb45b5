/** Webhooks without whose answer nothing is stored that must be. */
import type { ChartFacts, KnownChart } from "../../../environments/recorded/chart-facts.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import type { LabelSelector, RenderedWebhooks } from "../../core/facts/rendered.ts";
import { podTemplateOf } from "../../core/facts/rendered.ts";
import { listOf, textOf } from "../../core/fields.ts";
import { selects } from "../../core/kubernetes/label-selector.ts";

type Labels = Readonly<Record<string, string>>;

/** Objects that must be stored before something starts. */
export interface Stored {
  readonly group: string;
  /** Plural, e.g. `pods`. */
  readonly resource: string;
  readonly operation: "CREATE" | "UPDATE";
  /** Undefined for what is in none. */
  readonly namespace?: string;
  /** Labels of each of them. */
  readonly labels: readonly Labels[];
}

/** Pods that are made in a namespace. */
export const podsIn = (namespace: string, labels: readonly Labels[]): Stored => ({
  ...{ group: "", resource: "pods", operation: "CREATE", namespace, labels },
});

const holds = (list: unknown, ...wanted: readonly string[]): boolean =>
  listOf(list).some((each) => wanted.includes(textOf(each) ?? ""));

const isAbout = (rule: Readonly<Record<string, unknown>>, { group, resource, operation }: Stored): boolean =>
  holds(rule.apiGroups, group, "*") &&
  holds(rule.resources, resource, "*", "*/*") &&
  holds(rule.operations, operation, "*");

/** Labels of the pods of a release as they are rendered. */
export const renderedLabels = (release: string, charts: readonly ChartFacts[]): readonly Labels[] => {
  const chart = charts.find((each) => each.release === release);
  return chart?.known ? chart.workloads.map((each) => podTemplateOf(each).metadata.labels ?? {}) : [];
};

const webhooksOf = ({ webhooks }: KnownChart): readonly RenderedWebhooks["webhooks"][number][] =>
  webhooks.flatMap((each) => each.webhooks);

/** Names of the apps that have a webhook which is closed while its pods are down, and matches the objects. */
export const failsClosedFor = (
  stored: Stored,
  charts: readonly ChartFacts[],
  apps: readonly ResolvedApp[],
): string[] => {
  const { namespace, labels } = stored;
  const inNamespace = (selector: LabelSelector) =>
    namespace === undefined || selects(selector, { "kubernetes.io/metadata.name": namespace });
  return charts.flatMap((chart) =>
    chart.known &&
    apps.some(({ name }) => name === chart.release) &&
    webhooksOf(chart).some(
      ({ failurePolicy = "Fail", rules = [], namespaceSelector = {}, objectSelector = {} }) =>
        failurePolicy === "Fail" &&
        rules.some((rule) => isAbout(rule, stored)) &&
        inNamespace(namespaceSelector) &&
        labels.some((each) => selects(objectSelector, each)),
    )
      ? [chart.release]
      : [],
  );
};
