/** Generated clusters, judged by synth's arithmetic and by the real scheduler. */
import { setTimeout as sleep } from "node:timers/promises";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";
import { PODS_PER_CLUSTER } from "../../lib/governance/platform-reservation.ts";
import { PRIORITY_CLASSES } from "../../lib/governance/priority-classes.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../../lib/governance/sizes.ts";
import { assessCapacity, type CapacityProps } from "../../lib/proofs/capacity/capacity.ts";
import type { NodeShare } from "../../lib/proofs/capacity/capacity-shape.ts";
import type { Kubectl, KubernetesObject } from "../e2e/kubectl.ts";
import type { Laboratory } from "./laboratory.ts";
import { nodeObject } from "./objects.ts";

/** Clusters that live side by side; their pods are bound to their own nodes. */
const AT_ONCE = 20;
/** What may be short when everything finds a place all the same, as a share of what is asked for. */
const MARGIN = 0.1;
const SIZES: readonly NamespaceSize[] = ["xxs", "xs", "s", "m", "l"];
const CLUSTER = "simulate/cluster";
const PATIENCE_SECONDS = 120;

/** Numbers from 0 to below 1, the same for a seed every time. Source: Mulberry32. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export interface GeneratedCluster {
  readonly id: number;
  readonly props: CapacityProps;
  /** Requests of pods: each namespace as full as its quota lets it be. */
  readonly pods: readonly { readonly cpu: string; readonly memory: string; readonly priority: string }[];
}

/** A cluster like the homelab's, of some machines and full namespaces. */
export const generateCluster = (id: number, seed: number): GeneratedCluster => {
  const next = random(seed * 100_003 + id);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T;
  const nodes = Array.from({ length: between(2, 6) }, (_, at) => ({
    name: `c${id}-n${at}`,
    role: at < 3 ? ("controlplane" as const) : ("worker" as const),
    cpu: Quantity.parse(`${pick([2, 4, 8])}`),
    memory: Quantity.parse(`${pick([8, 16, 32])}Gi`),
  }));
  const namespaces = Array.from({ length: between(1, 7) }, (_, at) => ({
    name: `n${at}`,
    size: pick(SIZES),
  }));
  const pods = namespaces.flatMap(({ size }) => {
    const { quota, container } = NAMESPACE_SIZES[size];
    const parts = between(1, Math.min(quota.pods, 10));
    const most = Quantity.parse(container.max.memory).toNumber();
    const memory = Math.min(most, Math.floor(Quantity.parse(quota.requests.memory).toNumber() / parts));
    const cpu = Math.floor((Quantity.parse(quota.requests.cpu).toNumber() * 1_000) / parts);
    return Array.from({ length: parts }, () => ({
      cpu: `${cpu}m`,
      memory: String(memory),
      priority: pick(PRIORITY_CLASSES).name,
    }));
  });
  return { id, props: { nodes, controlPlane: "converged", namespaces }, pods };
};

/** The cluster once for each machine that the arithmetic takes away: the roomiest in memory, and that in CPU. */
const losses = (cluster: GeneratedCluster): Loss[] => {
  const { lost } = assessCapacity(cluster.props);
  return [...new Set([lost.memory?.name, lost.cpu?.name])].map((without, at) => ({
    ...cluster,
    key: `${cluster.id}-${at}`,
    without,
  }));
};

interface Loss extends GeneratedCluster {
  readonly key: string;
  readonly without: string | undefined;
}

/** What remains after a loss, and everything that must run on it. */
const objectsOf = ({ key: id, without, props, pods }: Loss): KubernetesObject[] => {
  const left = assessCapacity(props)
    .nodes.filter(({ name }) => name !== without)
    .map((share) => ({ ...share, name: `${id}-${share.name}` }));
  const pod = (name: string, requests: object, spec: object): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `c${id}-${name}`, namespace: "default", labels: { [CLUSTER]: String(id) } },
    spec: {
      nodeSelector: { [CLUSTER]: String(id) },
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "main", image: "none", resources: { requests } }],
      ...spec,
    },
  });
  const onNode = ({ name, daemonSets, staticPods }: NodeShare) =>
    [daemonSets, staticPods].map(({ cpu, memory }, at) =>
      pod(`${name}-own${at}`, { cpu: String(cpu), memory: String(memory) }, { nodeName: name }),
    );
  return [
    ...left.map((share) => nodeObject(share, "worker", { [CLUSTER]: String(id) })),
    ...left.flatMap(onNode),
    ...PODS_PER_CLUSTER.flatMap(({ count, requests }, kind) =>
      Array.from({ length: count }, (_, at) =>
        pod(`p${kind}-${at}`, requests, { priorityClassName: "system-cluster-critical" }),
      ),
    ),
    ...pods.map(({ cpu, memory, priority }, at) =>
      pod(`w${at}`, { cpu, memory }, { priorityClassName: priority }),
    ),
  ];
};

/** How much of what is asked for is short by the arithmetic; 0 when it fits. */
const shortage = ({ props, pods }: GeneratedCluster): number => {
  const { headroom, quotas, platform } = assessCapacity(props);
  const short = (["cpu", "memory"] as const).map((resource) => {
    const asked = quotas[resource].toNumber() + platform[resource].toNumber();
    return Math.max(0, -headroom[resource].toNumber() / asked);
  });
  return pods.length === 0 ? 0 : Math.max(...short);
};

const pendingByCluster = async (
  kubectl: Kubectl,
): Promise<{ undecided: number; pending: Map<string, string[]> }> => {
  const answer = await kubectl.must(["get", "pods", "-n", "default", "-o", "json"]);
  const pending = new Map<string, string[]>();
  let undecided = 0;
  for (const item of listOf(fieldsOf(JSON.parse(answer)).items).map(fieldsOf)) {
    const { name, labels, deletionTimestamp } = fieldsOf(item.metadata);
    if (deletionTimestamp !== undefined || fieldsOf(item.spec).nodeName !== undefined) continue;
    const conditions = listOf(fieldsOf(item.status).conditions).map(fieldsOf);
    if (!conditions.some(({ type, status }) => type === "PodScheduled" && status === "False")) undecided += 1;
    const id = textOf(fieldsOf(labels)[CLUSTER]);
    pending.set(id, [...(pending.get(id) ?? []), textOf(name) ?? ""]);
  }
  return { undecided, pending };
};

/** Seconds that the same pods must wait before they are said to wait: the scheduler preempts in between. */
const STEADY_SECONDS = 3;

const judgeBatch = async (
  { kubectl }: Laboratory,
  batch: readonly GeneratedCluster[],
): Promise<Map<string, string[]>> => {
  const objects = batch.flatMap(losses).flatMap(objectsOf);
  const nodes = objects.filter(({ kind }) => kind === "Node");
  await kubectl.apply(nodes);
  await kubectl.must(
    [
      "apply",
      "--server-side",
      "--force-conflicts",
      "--subresource=status",
      "--field-manager=simulate",
      "-f",
      "-",
    ],
    JSON.stringify({ apiVersion: "v1", kind: "List", items: nodes }),
  );
  const pods = objects.filter(({ kind }) => kind === "Pod");
  await kubectl.apply(pods);
  const deadline = Date.now() + PATIENCE_SECONDS * 1_000;
  let last = "";
  let since = Date.now();
  for (;;) {
    const { undecided, pending } = await pendingByCluster(kubectl);
    const now = JSON.stringify([...pending]);
    if (undecided > 0 || now !== last) since = Date.now();
    last = now;
    if (Date.now() - since > STEADY_SECONDS * 1_000 || Date.now() > deadline) {
      await kubectl.must([
        "delete",
        "pods",
        "-n",
        "default",
        "--all",
        "--force",
        "--grace-period=0",
        "--wait=false",
      ]);
      await kubectl.must(["delete", "nodes", "-l", CLUSTER, "--wait=false"]);
      return pending;
    }
    await sleep(250);
  }
};

/** Tells each disagreement; returns 1 when there is one. */
export const againstCapacity = async (
  laboratory: Laboratory,
  count: number,
  seed: number,
  { out, err }: { readonly out: (line: string) => void; readonly err: (line: string) => void },
): Promise<number> => {
  await laboratory.kubectl.apply(
    PRIORITY_CLASSES.map(({ name, value }) => ({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
    })),
  );
  const clusters = Array.from({ length: count }, (_, id) => generateCluster(id, seed));
  const disagreements: string[] = [];
  let fitting = 0;
  let widest = 0;
  for (let at = 0; at < count; at += AT_ONCE) {
    const batch = clusters.slice(at, at + AT_ONCE);
    const pending = await judgeBatch(laboratory, batch);
    for (const cluster of batch) {
      const { problems } = assessCapacity(cluster.props);
      const waits = losses(cluster).flatMap(({ key }) => pending.get(key) ?? []);
      const fits = problems.length === 0;
      if (fits) fitting += 1;
      if (fits && waits.length > 0)
        disagreements.push(
          `cluster ${cluster.id}: fits by the arithmetic, and ${waits.length} pods wait: ${waits.slice(0, 3).join(", ")}`,
        );
      if (fits || waits.length > 0) continue;
      const short = shortage(cluster);
      widest = Math.max(widest, short);
      if (short > MARGIN)
        disagreements.push(
          `cluster ${cluster.id}: does not fit by the arithmetic, short of ${percent(short)}, and no pod waits`,
        );
    }
    err(`${Math.min(count, at + AT_ONCE)} of ${count} clusters`);
  }
  for (const each of disagreements) out(`disagreement: ${each}`);
  out(
    `seed ${seed}: ${count} clusters, ${fitting} fit by the arithmetic; ${disagreements.length} disagreements with kube-scheduler; refused although everything found a place: short of at most ${percent(widest)}, and ${percent(MARGIN)} is the margin`,
  );
  return disagreements.length === 0 ? 0 : 1;
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
