/** Pods as they run: of what charts render, after the homelab's policies and the API server's own plugins. */
import type { KnownChart } from "../../environments/recorded/chart-facts.ts";
import type { RenderedPodTemplate, Workload } from "../core/facts/rendered.ts";
import { fieldsOf } from "../core/fields.ts";
import { nodesFor, type PodNode } from "../core/kubernetes/pod-placement.ts";
import { type ComputeAmount, podAmount } from "../core/kubernetes/pod-requests.ts";
import type { NamespaceSize } from "../governance/sizes.ts";
import { admission } from "./admit.ts";
import type { AdmissionWorld } from "./mutate.ts";

/** Pods that are alike: those of one workload. */
export interface EffectivePod {
  /** The app or Helm release that brings them. */
  readonly owner: string;
  readonly namespace: string;
  /** Kind and name of their workload, e.g. `Deployment` `whoami`. */
  readonly kind: string;
  readonly name: string;
  /** Effective: labels, resources, security contexts, selectors and tolerations after admission. */
  readonly template: RenderedPodTemplate;
  /** Of one pod. */
  readonly requests: ComputeAmount;
  /** Of one pod; a container without a limit counts nothing. */
  readonly limits: ComputeAmount;
  /** Value of its priority class; 0 without one. */
  readonly priority: number;
  /** Number of them at once: replicas, or one for each of `nodes`. */
  readonly count: number;
  /** Number of those that are more while an update is rolled out. */
  readonly surge: number;
  /** The nodes of a DaemonSet's pods, one each; undefined for pods that may move. */
  readonly nodes?: readonly string[];
  /** False for jobs, which come and go. */
  readonly lasts: boolean;
}

/** Surroundings that decide about pods. */
export interface PodGround {
  readonly nodes: readonly PodNode[];
  /** Size of their namespace; undefined where none governs it. */
  readonly size: NamespaceSize | undefined;
  readonly world: AdmissionWorld;
}

/** Kubernetes' own classes. */
export const SYSTEM_PRIORITY = /^system-(node|cluster)-critical$/;

/** The most that an autoscaler makes of a workload, or what the workload says. */
export const replicasOf = (
  { kind, metadata, spec }: Workload,
  { autoscalers = [] }: Partial<KnownChart>,
): number => {
  if (spec.suspend === true) return 0;
  if (kind === "Job") return Number(spec.parallelism ?? 1);
  if (kind === "CronJob" || kind === "Pod") return 1;
  const scaler = autoscalers.find(({ spec: { scaleTargetRef } }) => {
    const target = fieldsOf(scaleTargetRef);
    return target.kind === kind && target.name === metadata.name;
  });
  return Number(scaler?.spec.maxReplicas ?? spec.replicas ?? 1);
};

/** Pods that a rolling update adds. Source: apps/v1, defaults of `strategy` and `updateStrategy`. */
export const surgeOf = ({ kind, spec }: Workload, count: number): number => {
  const { type, rollingUpdate } = fieldsOf(kind === "Deployment" ? spec.strategy : spec.updateStrategy);
  if (
    count === 0 ||
    !["Deployment", "DaemonSet"].includes(kind) ||
    type === "Recreate" ||
    type === "OnDelete"
  )
    return 0;
  const most = fieldsOf(rollingUpdate).maxSurge ?? (kind === "Deployment" ? "25%" : 0);
  const percent = /^(\d+)%$/.exec(String(most))?.[1];
  return percent === undefined ? Number(most) : Math.ceil((Number(percent) * count) / 100);
};

/** The pods of everything that a chart renders, and that operators make of it. */
export const effectivePods = (facts: KnownChart, namespace: string, ground: PodGround): EffectivePod[] =>
  [...facts.workloads, ...facts.operated].map((workload) => effectivePod(workload, facts, namespace, ground));

const effectivePod = (
  workload: Workload,
  facts: KnownChart,
  release: string,
  { nodes, size, world }: PodGround,
): EffectivePod => {
  const template = admission(workload, release, world, size).effective as unknown as RenderedPodTemplate;
  const { spec } = template;
  const places = workload.kind === "DaemonSet" ? nodesFor(spec, nodes).map(({ name }) => name) : undefined;
  const count = places?.length ?? replicasOf(workload, facts);
  return {
    owner: facts.release,
    namespace: workload.metadata.namespace ?? release,
    kind: workload.kind,
    name: workload.metadata.name,
    template,
    requests: podAmount(spec, "requests"),
    limits: podAmount(spec, "limits"),
    priority: world.priorities.get(spec.priorityClassName ?? "") ?? 0,
    count,
    surge: surgeOf(workload, count),
    ...(places && { nodes: places }),
    lasts: !/Job$/.test(workload.kind),
  };
};
