/** What is wrong with apps by what Helm makes of them: facts before a guess, and before a pod is forbidden. */
import type { KnownChart } from "../core/facts/chart-facts.ts";
import { podTemplateOf, type RenderedPodTemplate, type Workload } from "../core/facts/rendered.ts";
import { renderingProblems } from "../core/facts/rendering-problems.ts";
import { fieldsOf } from "../core/fields.ts";
import { type ContainerLimits, limitRangeProblems } from "../core/kubernetes/limit-ranges.ts";
import type { PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import { podSecurityProblems } from "../core/kubernetes/pod-security-checks.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../governance/sizes.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { chartRequestOf } from "./application.ts";
import { budgetProblems } from "./disruption-budgets.ts";
import { floatingImageRisk } from "./image.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { accessMode, claimName } from "./storage.ts";

/** What a namespace does to pods. */
export interface NamespaceRules {
  /** Name of the namespace. */
  readonly name: string;
  /** Pod Security Standard that its pods must meet. */
  readonly podSecurity: PodSecurityStandard;
  /** Named size of its LimitRange and of its ResourceQuota. */
  readonly size: NamespaceSize;
}

interface Rendered {
  readonly app: ResolvedApp;
  readonly facts: KnownChart;
}

/** A line for each app whose facts are stale, whose values have no effect, or whose pods nobody would let in. */
export const renderedProblems = (
  apps: readonly ResolvedApp[],
  { charts, acceptedRisks }: AppEnvironment,
  namespaces: readonly NamespaceRules[],
): string[] => {
  const rendered: Rendered[] = [];
  const problems = apps.flatMap((app) => {
    const request = chartRequestOf(app);
    if (request === undefined) return [];
    const answer = charts(request);
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
    ...rendered.flatMap((each) => podProblems(each, namespaces)),
    ...rendered.flatMap(claimProblems),
    ...budgetProblems(rendered),
  ];
};

/** What its namespace would refuse in its pods. */
const podProblems = ({ app, facts }: Rendered, namespaces: readonly NamespaceRules[]): string[] => {
  const rules = namespaces.find(({ name }) => name === app.namespace);
  if (rules === undefined) return [];
  return facts.workloads
    .filter(
      ({ metadata, spec }) => (metadata.namespace ?? app.namespace) === rules.name && spec.replicas !== 0,
    )
    .flatMap((workload) => {
      const template = podTemplateOf(workload);
      return [
        ...securityLines(app, workload, template, rules),
        ...limitLines(app, workload, template, rules),
      ];
    });
};

const pathOf = ({ kind, metadata }: Workload): string => `pods.${kind}/${metadata.name}`;

const securityLines = (
  app: ResolvedApp,
  workload: Workload,
  template: RenderedPodTemplate,
  { name, podSecurity }: NamespaceRules,
): string[] => {
  const wrong = podSecurityProblems(podSecurity, template);
  const rule = `must be let in by the namespace ${name}, which enforces the Pod Security Standard ${podSecurity}`;
  return wrong.length > 0 ? [lineOf(app.name)(pathOf(workload), rule, wrong.join("; "))] : [];
};

/** The LimitRange of a namespace of a size. */
const limitsOf = (size: NamespaceSize): ContainerLimits => {
  const { defaultRequest, defaultLimit, max } = NAMESPACE_SIZES[size].container;
  return {
    defaultRequest: { cpu: defaultRequest.cpu, memory: defaultRequest.memory },
    defaultLimit: { cpu: defaultLimit.cpu, memory: defaultLimit.memory },
    max: { ...max },
  };
};

const limitLines = (
  app: ResolvedApp,
  workload: Workload,
  { spec: { containers, initContainers = [] } }: RenderedPodTemplate,
  { name, size }: NamespaceRules,
): string[] =>
  [...initContainers, ...containers].flatMap((container) =>
    limitRangeProblems(container, limitsOf(size)).map((problem) =>
      lineOf(app.name)(
        `${pathOf(workload)}.${container.name}`,
        `must be let in by the limit range of namespace ${name} (${size}): ${problem}`,
        container.resources ?? {},
      ),
    ),
  );

/** Claims of which one node has the volume, in a workload whose pods may be on several. */
const claimProblems = ({ app, facts }: Rendered): string[] =>
  facts.workloads.flatMap((workload) => {
    const most = Math.max(workload.spec.replicas ?? 1, scaledTo(workload, facts));
    if (workload.kind === "DaemonSet") return shared(app, facts, workload, "one a node");
    return most > 1 ? shared(app, facts, workload, most) : [];
  });

/** The most pods that an autoscaler may make of a workload; 0 without one. */
const scaledTo = ({ kind, metadata }: Workload, { autoscalers }: KnownChart): number =>
  Math.max(
    0,
    ...autoscalers
      .filter(({ spec }) => {
        const target = fieldsOf(spec.scaleTargetRef);
        return target.kind === kind && target.name === metadata.name;
      })
      .map(({ spec }) => Number(spec.maxReplicas)),
  );

const shared = (
  app: ResolvedApp,
  { claims }: KnownChart,
  workload: Workload,
  given: number | string,
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
        `${pathOf(workload)}.replicas`,
        `must be 1: all its pods mount the claim ${claim}, which is ${modes.join(", ")}: one node has it at a time`,
        given,
      ),
    ];
  });
};
