/** Kinds that an app's AppProject lets in: those that Helm renders, those that come of them, and those it names. */
import { type ChartFacts, chartFacts } from "../../environments/recorded/chart-facts.ts";
import { CLUSTER_KINDS, groupOf } from "../core/kubernetes/object-id.ts";
import { APP_TEMPLATE } from "./app-template.ts";
import type { ResolvedApp } from "./resolved-app.ts";

/** Kinds that a workload may consist of, where nobody knows what its chart renders. */
export const WORKLOAD_KINDS: readonly string[] = [
  "/ConfigMap",
  "/Secret",
  "/Service",
  "/ServiceAccount",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/CronJob",
  "batch/Job",
  "policy/PodDisruptionBudget",
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/RoleBinding",
];

/** Kinds that controllers make of workloads: ArgoCD shows of a tree, its logs included, only what the project lets in. */
const MADE_BY_CONTROLLERS = [
  "/Endpoints",
  "/Event",
  "/Pod",
  "apps/ControllerRevision",
  "apps/ReplicaSet",
  "batch/Job",
  "coordination.k8s.io/Lease",
  "discovery.k8s.io/EndpointSlice",
];

/** Kinds by where they live, as `group/Kind`, sorted. */
export interface ProjectKinds {
  readonly cluster: readonly string[];
  readonly namespaced: readonly string[];
}

/** `group/Kind` of everything that a chart renders. */
const renderedKinds = (facts: ChartFacts | undefined): string[] =>
  facts?.known
    ? Object.keys(facts.objects).map((at) => {
        const [kind = ""] = at.split("/").slice(-1);
        return `${groupOf(at.slice(0, -kind.length - 1))}/${kind}`;
      })
    : [];

/** `group/Kind` of the objects that an app becomes: of its chart as it is recorded, and those that it names. */
export const kindsIn = ({ environment, name, source, declaration: { props } }: ResolvedApp): string[] => {
  const facts = chartFacts(environment, name);
  const chart = source.kind === "chart" ? { ...source.props.chart, version: source.version } : APP_TEMPLATE;
  const isItsChart = facts?.chart === chart.name && facts.version === chart.version;
  return [...(isItsChart ? renderedKinds(facts) : []), ...(props.kinds ?? []), ...(props.clusterKinds ?? [])];
};

const sorted = (kinds: Iterable<string>): string[] => [...new Set(kinds)].sort();

/** The kinds for an app with what is known of its chart. */
export const projectKinds = ({ declaration }: ResolvedApp, facts: ChartFacts | undefined): ProjectKinds => {
  const { kinds = [], clusterKinds = [] } = declaration.props;
  const rendered = renderedKinds(facts);
  const defined = facts?.known
    ? facts.definitions
        .filter(({ scope }) => scope === "Cluster")
        .map(({ group, kind }) => `${group}/${kind}`)
    : [];
  const isClusterKind = (each: string) => CLUSTER_KINDS.has(each) || defined.includes(each);
  const claims =
    facts?.known && facts.workloads.some(({ spec }) => (spec.volumeClaimTemplates ?? []).length > 0)
      ? ["/PersistentVolumeClaim"]
      : [];
  return {
    cluster: sorted([...rendered.filter(isClusterKind), ...clusterKinds]),
    namespaced: sorted([
      ...(facts?.known ? rendered.filter((each) => !isClusterKind(each)) : WORKLOAD_KINDS),
      ...MADE_BY_CONTROLLERS,
      ...claims,
      ...kinds,
    ]),
  };
};
