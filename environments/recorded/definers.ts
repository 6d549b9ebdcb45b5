/** Definers of custom kinds: a release's chart, a program that a release runs, or the machines. */
import { chartFacts, environmentCharts } from "./chart-facts.ts";

/** Groups whose definitions no chart renders: their program makes them when it starts, by the name of its release. */
const BY_PROGRAM: Readonly<Record<string, string>> = {
  // cilium-operator, at every start.
  "cilium.io": "cilium",
  // Talos, when `kubernetesTalosAPIAccess` is on.
  "talos.dev": "talos",
};

/** `group/Kind` of an object; the core group is empty. */
export const kindOf = ({ apiVersion, kind }: { apiVersion: string; kind: string }): string =>
  `${apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : ""}/${kind}`;

/** Kinds that need a definition: groups of Kubernetes itself have no dot, or end with `.k8s.io`. */
export const isCustomKind = (kind: string): boolean => {
  const group = kind.slice(0, kind.indexOf("/"));
  return group.includes(".") && !group.endsWith(".k8s.io");
};

/** Kinds that a release of an environment brings, as `group/Kind`, as far as facts are recorded. */
export const kindsBroughtBy = (environment: string, release: string): readonly string[] => {
  const chart = chartFacts(environment, release);
  return chart?.known ? chart.definitions.map(({ group, kind }) => `${group}/${kind}`) : [];
};

/** Names of the releases that bring the definition of `group/Kind` in an environment; `talos` for the machines. */
export const definersOf = (environment: string, kind: string): readonly string[] => {
  const program = BY_PROGRAM[kind.slice(0, kind.indexOf("/"))];
  if (program !== undefined) return [program];
  return environmentCharts(environment)
    .filter(({ release }) => kindsBroughtBy(environment, release).includes(kind))
    .map(({ release }) => release);
};
