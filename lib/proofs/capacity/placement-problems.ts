/** Refuses an environment of which a pod may find no place when a machine is lost. */
import type { Environment } from "../../../environments/schema.ts";
import type { EffectivePod } from "../../admission/effective-pods.ts";
import type { LabelSelector } from "../../core/facts/rendered.ts";
import { fieldsOf, listOf } from "../../core/fields.ts";
import { selects } from "../../core/kubernetes/label-selector.ts";
import { nodesFor, podNodes } from "../../core/kubernetes/pod-placement.ts";
import { Quantity } from "../../core/values/quantity.ts";
import { PODS_PER_CLUSTER } from "../../governance/platform-reservation.ts";
import { assessCapacity } from "./capacity.ts";
import { type PodGroup, type SchedulableMachine, type Unplaced, unplaced } from "./placement.ts";

type Cluster = Pick<Environment, "name" | "nodes" | "cluster">;

/** The machines that take workloads, with what reservations and static pods leave. */
const machinesOf = ({ nodes, cluster: { controlPlane } }: Cluster): SchedulableMachine[] =>
  assessCapacity({ nodes, controlPlane, namespaces: [] }).nodes.map(({ name, free, daemonSets }) => ({
    name,
    // Cilium's are among the pods here.
    free: {
      cpu: Quantity.sum([free.cpu, daemonSets.cpu]),
      memory: Quantity.sum([free.memory, daemonSets.memory]),
    },
  }));

const nameOf = ({ kind, namespace, name }: EffectivePod): string => `${kind} ${namespace}/${name}`;

/** Pods that a required term of affinity is about; of zones there is one a machine, as nobody labels them. */
const meant = (pod: EffectivePod, kind: "podAffinity" | "podAntiAffinity", pods: readonly EffectivePod[]) =>
  listOf(fieldsOf(fieldsOf(pod.template.spec.affinity)[kind]).requiredDuringSchedulingIgnoredDuringExecution)
    .map(fieldsOf)
    .map(({ labelSelector, namespaces }) =>
      pods.filter(
        (other) =>
          (namespaces === undefined ? [pod.namespace] : listOf(namespaces)).includes(other.namespace) &&
          selects(labelSelector as LabelSelector | undefined, other.template.metadata.labels ?? {}),
      ),
    );

/** Pods that a constraint spreads are kept apart, which asks for more than it does. */
const isSpread = ({ template: { spec } }: EffectivePod): boolean =>
  (spec.topologySpreadConstraints ?? []).some((each) => each.whenUnsatisfiable !== "ScheduleAnyway");

/** The pods of an environment in groups, as the proof of their places takes them. */
export const podGroups = (pods: readonly EffectivePod[], { nodes, cluster }: Cluster): PodGroup[] => {
  const machines = podNodes(nodes, cluster.controlPlane);
  return pods.map((pod) => {
    const company = meant(pod, "podAffinity", pods).map((each) => each.flatMap((other) => other.nodes ?? []));
    const places = nodesFor(pod.template.spec, machines)
      .map(({ name }) => name)
      .filter((name) => company.every((each) => each.includes(name)));
    const others = meant(pod, "podAntiAffinity", pods).flat().map(nameOf);
    return {
      ...{ name: nameOf(pod), count: pod.count, requests: pod.requests, priority: pod.priority },
      runsOn: pod.nodes ?? places,
      ...(pod.nodes && { isOnEach: true }),
      apartFrom: isSpread(pod) ? [...others, nameOf(pod)] : others,
    };
  });
};

/** Pods that no list has, as `PODS_PER_CLUSTER` estimates them; nobody is sure to push them away. */
const unlisted = (): PodGroup[] =>
  PODS_PER_CLUSTER.filter(({ name }) => name === "workloads without a quota").map(
    ({ name, count, requests: { cpu, memory } }) => ({
      ...{ name, count, priority: Number.MAX_SAFE_INTEGER },
      requests: { cpu: Quantity.parse(cpu), memory: Quantity.parse(memory) },
    }),
  );

const line = ({ group: { name, requests }, lost, short }: Unplaced): string => {
  const when = lost === undefined ? "with every machine there" : `without ${lost}`;
  const why =
    short === 1
      ? "no machine that it may run on is sure to have room"
      : `the other pods would have to request ${Math.ceil(short * 100)} % less`;
  return `  ${name} (${requests.cpu} cpu, ${requests.memory}): ${when}: ${why}`;
};

/** A problem with a line for each kind of pod that may wait; none when all have a place. */
export const placementProblems = (cluster: Cluster, pods: readonly EffectivePod[]): string[] => {
  const waiting = unplaced(machinesOf(cluster), [...podGroups(pods, cluster), ...unlisted()]);
  return waiting.length === 0
    ? []
    : [
        `capacity: ${cluster.name}: each pod must find a place when any one machine is lost, in whatever order pods come: these may wait\n${waiting.map(line).join("\n")}`,
      ];
};
