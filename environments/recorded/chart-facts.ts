/**
 * Facts of what the charts of an environment become, as Helm rendered them, that `homelab chart-facts` records.
 *
 *     const facts = chartFacts("prod", "homeassistant");
 *     if (facts?.known) for (const workload of facts.workloads) podTemplateOf(workload).spec.containers;
 *
 * Releases are called as the Application or helm_release is: `whoami`, `cilium`, `argocd`. Objects are in Kubernetes'
 * own shape, trimmed to what proofs read (see `rendered.ts`): names, labels, pods, ports; neither contents of ConfigMaps
 * and Secrets nor values of variables. They are what is sent: nothing of admission, limit ranges or defaults of the API
 * server is in them. Of custom resources the names are there.
 *
 * A chart that could not be had is `known: false` with the reason, and nothing may be concluded from it.
 */

import type {
  DefinedKind,
  RenderedClaim,
  RenderedDisruptionBudget,
  RenderedService,
  RenderedWebhooks,
  Workload,
} from "../../lib/core/facts/rendered.ts";
import dev from "./charts/dev.json" with { type: "json" };
import prod from "./charts/prod.json" with { type: "json" };

/** Which release of which chart. */
interface Release {
  /** Name of the Application or helm_release. */
  readonly release: string;
  readonly repository: string;
  readonly chart: string;
  /** Exact. */
  readonly version: string;
}

/** A release as Helm rendered it. */
export interface KnownChart extends Release {
  readonly known: true;
  /** Namespace of the release; objects that name none are there. */
  readonly namespace: string;
  /** Of chart, version, namespace and values: see `requestDigest`. */
  readonly digest: string;
  /**
   * Names of every object by `apiVersion/Kind`, e.g. `apps/v1/Deployment`; an object of another namespace than the
   * release's as `namespace/name`. Hooks count, but not tests.
   */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  readonly workloads: readonly Workload[];
  /** Workloads that operators make of its custom resources, as far as this project knows them. */
  readonly operated: readonly Workload[];
  readonly services: readonly RenderedService[];
  readonly disruptionBudgets: readonly RenderedDisruptionBudget[];
  readonly webhooks: readonly RenderedWebhooks[];
  /** Claims beside those of StatefulSets. */
  readonly claims: readonly RenderedClaim[];
  /** HorizontalPodAutoscalers, with whom they scale and between which numbers. */
  readonly autoscalers: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec: Readonly<Record<string, unknown>>;
  }[];
  /** Kinds that the chart defines. */
  readonly definitions: readonly DefinedKind[];
  /** JSON pointers of values that change nothing in the rendering, whatever they are. */
  readonly unusedValues: readonly string[];
}

/** A release whose chart could not be rendered. */
export interface UnknownChart extends Release {
  readonly known: false;
  /** Why: what said no. */
  readonly reason: string;
}

export type ChartFacts = KnownChart | UnknownChart;

/** The recorded facts of an environment. */
export interface EnvironmentCharts {
  /** Version of Kubernetes that the charts were rendered for, e.g. `v1.34.1`. */
  readonly kubernetes: string;
  /** By name of the release. */
  readonly charts: Readonly<Record<string, ChartFacts>>;
}

const RECORDED = { dev, prod } as unknown as Readonly<Record<string, EnvironmentCharts | undefined>>;

/** Names of the environments whose charts are recorded. */
export const environmentsWithCharts: readonly string[] = Object.keys(RECORDED);

/** The facts of every release of an environment, in the order of their names; none for one that is not recorded. */
export const environmentCharts = (environment: string): readonly ChartFacts[] =>
  Object.values(RECORDED[environment]?.charts ?? {});

/** The facts of one release; undefined when it was never recorded. */
export const chartFacts = (environment: string, release: string): ChartFacts | undefined =>
  RECORDED[environment]?.charts[release];
