/** The pods of an app as they run, and what they ask of their namespace. */
import { type EffectivePod, effectivePods } from "../admission/effective-pods.ts";
import { type PodNode, podNodes } from "../core/kubernetes/pod-placement.ts";
import { podAmount } from "../core/kubernetes/pod-requests.ts";
import { Quantity } from "../core/values/quantity.ts";
import type { NamespaceSize } from "../governance/sizes.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { applicationFacts } from "./application.ts";
import type { Container } from "./containers.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { APP_SIZES, type AppSize, type NamespaceNeed, smallestNamespace } from "./sizes.ts";
import type { ValuesEnvironment } from "./values-environment.ts";

/** Part of the environment that decides which pods an app has, and how they run. */
export type PodEnvironment = Pick<AppEnvironment, "cluster" | "nodes" | "charts" | "admission">;

/** Nodes of an environment, as pods select and tolerate them. */
export const nodesOf = ({ nodes, cluster }: Pick<ValuesEnvironment, "cluster" | "nodes">): PodNode[] =>
  podNodes(nodes, cluster.controlPlane);

/**
 * The pods of an app: those of its rendered workloads, after admission. Where nobody knows what its chart renders they
 * are of the declared size, and admission is not judged.
 * @param size of its namespace
 */
export const appPods = (
  app: ResolvedApp,
  environment: PodEnvironment,
  size: NamespaceSize | undefined,
): EffectivePod[] => {
  const facts = applicationFacts(app, environment);
  if (!facts?.known) return declaredPods(app);
  const ground = { nodes: nodesOf(environment), size, world: environment.admission };
  const pods = effectivePods(facts, app.namespace, ground);
  // An operator makes pods of what the chart renders, and nothing says which.
  const hasPods = app.source.kind === "chart" && app.source.props.places.resources.length > 0;
  return pods.length === 0 && hasPods ? declaredPods(app) : pods;
};

/** Sizes of its pods, as it declares them. */
const groupsOf = ({ source, size }: ResolvedApp): AppSize[] =>
  source.kind === "chart" && source.props.places.resources.length > 0
    ? source.props.places.resources.map((place) => (typeof place === "string" ? size : place.size))
    : [size];

const declaredPods = (app: ResolvedApp): EffectivePod[] =>
  groupsOf(app).map((size, at) => {
    const further = (kind: Container["kind"]) =>
      Object.entries(app.containers).flatMap(([name, each]) =>
        each.kind === kind ? [{ name, resources: APP_SIZES[each.size] }] : [],
      );
    const spec = {
      initContainers: further("init"),
      containers: [{ name: app.name, resources: APP_SIZES[size] }, ...further("sidecar")],
      priorityClassName: app.priorityClassName,
    };
    return {
      owner: app.name,
      namespace: app.namespace,
      kind: "Pod",
      name: at === 0 ? app.name : `${app.name}-${at}`,
      template: { metadata: { labels: app.podLabels }, spec },
      requests: podAmount(spec, "requests"),
      limits: podAmount(spec, "limits"),
      priority: app.priority,
      count: app.replicas,
      surge: Math.min(app.replicas, 1),
      lasts: true,
    };
  });

const most = (amounts: readonly Quantity[]): Quantity =>
  amounts.reduce<Quantity>((best, each) => (each.isMoreThan(best) ? each : best), Quantity.ZERO);

/** Pods more than there are, for an update, or for a job that an operator makes beside them. */
const room = ({ surge }: EffectivePod): number => Math.max(surge, 1);

/**
 * The need of an app in a namespace of a size: all its pods, and room for the largest once more. Updates of several
 * workloads at once wait for each other's room. A volume whose size is no quantity counts as nothing, and is refused elsewhere.
 */
export const needIn = (
  app: ResolvedApp,
  environment: PodEnvironment,
  size: NamespaceSize | undefined,
): NamespaceNeed => needOf(app, appPods(app, environment, size));

const needOf = (app: ResolvedApp, all: readonly EffectivePod[]): NamespaceNeed => {
  const pods = all.filter(({ count }) => count > 0);
  const sum = (what: "requests" | "limits", resource: "cpu" | "memory") =>
    Quantity.sum([
      ...pods.map((pod) => pod[what][resource].times(pod.count)),
      most(pods.map((pod) => pod[what][resource].times(room(pod)))),
    ]);
  const largest = (resource: "cpu" | "memory") =>
    most(
      pods
        .flatMap(({ template: { spec } }) => [...(spec.initContainers ?? []), ...spec.containers])
        .map(({ resources }) => Quantity.parse(String(resources?.limits?.[resource] ?? "0"))),
    );
  const volumes = Object.values(app.storage);
  return {
    requests: { cpu: sum("requests", "cpu"), memory: sum("requests", "memory") },
    limits: { cpu: sum("limits", "cpu"), memory: sum("limits", "memory") },
    pods: pods.reduce((total, { count }) => total + count, 0) + Math.max(0, ...pods.map(room)),
    largest: { cpu: largest("cpu"), memory: largest("memory") },
    storage: Quantity.sum(
      volumes.filter((each) => Quantity.isValid(each.size)).map((each) => Quantity.parse(each.size)),
    ),
    claims: volumes.length,
    loadBalancers: app.links.filter((link) => link.kind === "exposed" && link.by.kind === "load-balancer")
      .length,
  };
};

/** The smallest namespace that holds an app of its declared size alone; undefined when none does. */
export const ownSize = (app: ResolvedApp): NamespaceSize | undefined =>
  smallestNamespace(needOf(app, declaredPods(app)));

/** Size of the namespace that an app is in: the environment's, or its own. */
export const sizeOf = (app: ResolvedApp, environment: Pick<ValuesEnvironment, "namespaces">): NamespaceSize =>
  (app.ownsNamespace
    ? ownSize(app)
    : environment.namespaces.find(({ name }) => name === app.namespace)?.size) ?? "xl";
