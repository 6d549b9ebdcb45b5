/** Disruption budgets: a pod that two of them count is never evicted, so every drain of its node fails. */
import type { KnownChart } from "../../environments/recorded/chart-facts.ts";
import { type LabelSelector, podTemplateOf } from "../core/facts/rendered.ts";
import { selects } from "../core/kubernetes/label-selector.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

interface Budget {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector | undefined;
  readonly by: string;
}

/** True when Terraform makes a budget for the app. */
export const hasBudget = ({ replicas }: ResolvedApp): boolean => replicas > 1;

/** A line for each workload with several budgets, and for each budget with two owners. */
export const budgetProblems = (
  rendered: readonly { readonly app: ResolvedApp; readonly facts: KnownChart }[],
): string[] => {
  const budgets = rendered.flatMap(({ app, facts }): Budget[] => [
    ...(hasBudget(app)
      ? [{ ...app, selector: { matchLabels: app.podLabels }, by: `Terraform, for replicas of ${app.name}` }]
      : []),
    ...facts.disruptionBudgets.map(({ metadata, spec }) => ({
      namespace: metadata.namespace ?? app.namespace,
      name: metadata.name,
      selector: spec.selector,
      by: `the chart of ${app.name}`,
    })),
  ]);
  return rendered.flatMap(({ app, facts }) =>
    facts.workloads.flatMap((workload) => {
      const { kind, metadata } = workload;
      const labels = podTemplateOf(workload).metadata.labels ?? {};
      const over = budgets.filter(
        ({ namespace, selector }) =>
          namespace === (metadata.namespace ?? app.namespace) && selects(selector, labels),
      );
      return over.length > 1
        ? [
            lineOf(app.name)(
              `pods.${kind}/${metadata.name}`,
              "must have one disruption budget: a pod that two count is never evicted, and no node with it can be drained",
              over.map(({ name, by }) => `${name} by ${by}`),
            ),
          ]
        : [];
    }),
  );
};
