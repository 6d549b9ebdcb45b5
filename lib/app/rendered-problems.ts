/** Problems of apps in what Helm makes of them: facts before a guess, and before a pod is forbidden. */

import type { KnownChart } from "../../environments/recorded/chart-facts.ts";
import { renderingProblems } from "../../environments/recorded/rendering-problems.ts";
import { replicasOf, surgeOf } from "../admission/effective-pods.ts";
import { type NamespaceRules, refusals } from "../admission/refusals.ts";
import { podTemplateOf, type Workload } from "../core/facts/rendered.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { appPods } from "./app-pods.ts";
import { answerOf } from "./application.ts";
import { budgetProblems } from "./disruption-budgets.ts";
import { floatingImageRisk } from "./image.ts";
import { undeclaredPrivileges } from "./pod-privileges.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { accessMode, claimName } from "./storage.ts";

interface Rendered {
  readonly app: ResolvedApp;
  readonly facts: KnownChart;
}

/** A line for each app whose facts are stale, whose values have no effect, or whose pods nobody would let in. */
export const renderedProblems = (
  apps: readonly ResolvedApp[],
  environment: AppEnvironment,
  namespaces: readonly NamespaceRules[],
): string[] => {
  const { charts, acceptedRisks } = environment;
  const rendered: Rendered[] = [];
  const problems = apps.flatMap((app) => {
    const answer = answerOf(app, charts);
    if (answer === undefined) return [];
    if ("known" in answer && answer.known) rendered.push({ app, facts: answer });
    // The image of an app is judged where it stands.
    const own = app.source.kind === "image" ? app.source.image : undefined;
    const mayMove = acceptedRisks.includes(floatingImageRisk(app.name));
    return renderingProblems(answer)
      .filter(({ path, value }) => !path.startsWith("images.") || (value !== own && !mayMove))
      .map(({ path, rule, value }) => lineOf(app.name)(path, rule, value));
  });
  return [
    ...problems,
    ...rendered.flatMap((each) => podProblems(each, environment, namespaces)),
    ...rendered.flatMap(claimProblems),
    ...rendered.flatMap(unclassedClaims),
    ...budgetProblems(rendered),
  ];
};

/** Why nobody would let its pods in, as admission leaves them. */
const podProblems = (
  { app }: Rendered,
  environment: AppEnvironment,
  namespaces: readonly NamespaceRules[],
): string[] => {
  const rules = namespaces.find(({ name }) => name === app.namespace);
  if (rules === undefined) return [];
  return appPods(app, environment, rules.size)
    .filter(({ namespace, count }) => namespace === rules.name && count > 0)
    .flatMap((pod) =>
      [
        ...refusals(pod, rules, environment.admission.priorities),
        ...undeclaredPrivileges(pod.template, app, rules.podSecurity),
      ].map(({ rule, value, ...of }) =>
        lineOf(app.name)(
          `pods.${pod.kind}/${pod.name}${"container" in of ? `.${of.container}` : ""}`,
          rule,
          value,
        ),
      ),
    );
};

const pathOf = ({ kind, metadata }: Workload): string => `pods.${kind}/${metadata.name}`;

/** Claims of which one node has the volume, in a workload whose pods may be on several. */
const claimProblems = ({ app, facts }: Rendered): string[] =>
  facts.workloads.flatMap((workload) => {
    const most = replicasOf(workload, facts);
    if (workload.kind === "DaemonSet") return shared(app, facts, workload, "one a node");
    if (most > 1) return shared(app, facts, workload, most);
    return surgeOf(workload, most) > 0 ? shared(app, facts, workload, "an update adds one", "strategy") : [];
  });

/** Names of the claims that a chart and the operators behind it make; of a StatefulSet the template's. */
export const claimsMade = ({ claims, workloads, operated }: KnownChart): string[] =>
  [...claims, ...[...workloads, ...operated].flatMap(({ spec }) => spec.volumeClaimTemplates ?? [])].map(
    ({ metadata }) => metadata.name,
  );

/** Claims that a chart makes and the app says nothing of, and those that it says and the chart does not make. */
const unclassedClaims = ({ app, facts }: Rendered): string[] => {
  const made = claimsMade(facts);
  const said = Object.keys(app.storage).filter((volume) => app.storage[volume]?.madeByChart);
  const line = lineOf(app.name);
  return [
    ...made
      .filter((name) => !said.includes(name))
      .map((name) =>
        line(
          `storage.${name}`,
          "must be there, madeByChart and with its backup: the chart makes a claim of this name, and nobody says what saves it",
          said,
        ),
      ),
    ...said
      .filter((name) => !made.includes(name))
      .map((name) =>
        line(
          `storage.${name}`,
          `must be called as a claim that the chart makes, ${made.join(", ") || "of which it makes none"}`,
          name,
        ),
      ),
  ];
};

const RULES = {
  replicas: "must be 1: all its pods mount",
  strategy:
    "must be Recreate, in the chart's values: the new pod waits for ever on another node than the old one for",
};

const shared = (
  app: ResolvedApp,
  { claims }: KnownChart,
  workload: Workload,
  given: number | string,
  field: keyof typeof RULES = "replicas",
): string[] => {
  const perPod = (workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  return (podTemplateOf(workload).spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) => {
    const claim = persistentVolumeClaim?.claimName;
    if (claim === undefined || perPod.includes(name)) return [];
    // Claims of apps are Terraform's, and ReadWriteOnce; a chart's own says what it is.
    const own = Object.entries(app.storage).find(([volume]) => claimName(app.name, volume) === claim)?.[1];
    const modes = claims.find(({ metadata }) => metadata.name === claim)?.spec.accessModes ?? [
      own ? accessMode(own) : "ReadWriteOnce",
    ];
    if (modes.some((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany")) return [];
    return [
      lineOf(app.name)(
        `${pathOf(workload)}.${field}`,
        `${RULES[field]} the claim ${claim}, which is ${modes.join(", ")}: one node has it at a time`,
        given,
      ),
    ];
  });
};
