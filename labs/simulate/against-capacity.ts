/** Generated clusters, judged by synth's arithmetic and by the real scheduler. */
import { setTimeout as sleep } from "node:timers/promises";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { type PodGroup, unplacedWithout } from "../../lib/proofs/capacity/placement.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import type { ApiClient } from "./api-client.ts";
import {
  CLASSES,
  type GeneratedCluster,
  type GeneratedGroup,
  generateCluster,
  shrunk,
} from "./generated-cluster.ts";

/** Clusters that live side by side; their pods are bound to their own machines. */
const AT_ONCE = 40;
/**
 * The most by which requests must shrink before pods that had a place are said to fit. It is of pods that may run
 * anywhere. Those bound to few machines, or kept apart on most, wait as soon as others fill these: for them there is no
 * margin.
 */
const MARGIN = 0.5;
const CLUSTER = "simulate/cluster";
const DISK = "simulate/disk";
const TAINT = { key: "simulate/kept", effect: "NoSchedule" } as const;
const PATIENCE_SECONDS = 90;
/** Seconds that the same pods must wait before they are said to wait: the scheduler preempts in between. */
const STEADY_SECONDS = 3;

const PODS = "/api/v1/namespaces/default/pods";
const NODES = "/api/v1/nodes";
const SETS = "/apis/apps/v1/namespaces/default";
const AT_LAST = "gracePeriodSeconds=0&propagationPolicy=Background";

const nodesOf = ({ id, machines }: GeneratedCluster): KubernetesObject[] =>
  machines.map(({ name, free, disk, isTainted }) => {
    const amounts = { cpu: String(free.cpu), memory: String(free.memory), pods: "110" };
    return {
      ...{ apiVersion: "v1", kind: "Node" },
      metadata: {
        name: `c${id}-${name}`,
        labels: { [CLUSTER]: String(id), [DISK]: disk, "kubernetes.io/hostname": `c${id}-${name}` },
      },
      spec: { taints: isTainted ? [TAINT] : [] },
      status: {
        ...{ capacity: amounts, allocatable: amounts },
        conditions: [{ type: "Ready", status: "True", reason: "Played" }],
      },
    };
  });

const workload = (id: number, group: GeneratedGroup): KubernetesObject => {
  const { name, count, requests, priorityClass, isOnEach, needsFastDisk, tolerates, apartFrom } = group;
  const labels = { [CLUSTER]: String(id), group: name };
  const amounts = { cpu: String(requests.cpu), memory: String(requests.memory) };
  const apart = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  return {
    apiVersion: "apps/v1",
    kind: isOnEach ? "DaemonSet" : "ReplicaSet",
    metadata: { name: `c${id}-${name}`, labels },
    spec: {
      ...(!isOnEach && { replicas: count }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { [CLUSTER]: String(id), ...(needsFastDisk && { [DISK]: "fast" }) },
          ...(tolerates && { tolerations: [{ key: TAINT.key, operator: "Exists" }] }),
          ...(apartFrom && {
            affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
          }),
          priorityClassName: priorityClass,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "main", image: "none", resources: { requests: amounts } }],
        },
      },
    },
  };
};

const mayWait = ({ machines, groups, lost }: GeneratedCluster): PodGroup[] =>
  [undefined, lost].flatMap((each) => unplacedWithout(each, machines, groups)).map(({ group }) => group);

const isSaidToFit = (cluster: GeneratedCluster): boolean => mayWait(cluster).length === 0;

/** True for pods that may run on every machine which is not kept for some, and side by side. */
const isFree = ({ runsOn = [], apartFrom }: PodGroup, { machines }: GeneratedCluster): boolean =>
  apartFrom === undefined && machines.every(({ name, isTainted }) => isTainted || runsOn.includes(name));

/** The least share by which requests must shrink until the arithmetic lets no free pod wait; 0 when it does so already. */
const pessimism = (cluster: GeneratedCluster): number => {
  const fits = (factor: number) => !mayWait(shrunk(cluster, factor)).some((group) => isFree(group, cluster));
  if (fits(1)) return 0;
  let [least, most] = [0, 1];
  while (most - least > 0.005) {
    const middle = (least + most) / 2;
    if (fits(1 - middle)) most = middle;
    else least = middle;
  }
  return most;
};

interface Seen {
  /** Names of the pods that wait, by cluster. */
  readonly pending: ReadonlyMap<string, readonly string[]>;
  /** True when the scheduler or a controller has something to do, as far as they have noticed. */
  readonly isMoving: boolean;
}

const look = async (api: ApiClient): Promise<Seen> => {
  const items = async (path: string) => listOf(fieldsOf(await api.ask("GET", path)).items).map(fieldsOf);
  const pods = await items(`${PODS}?fieldSelector=spec.nodeName%3D`);
  const pending = new Map<string, string[]>();
  for (const { metadata } of pods) {
    const { name, labels } = fieldsOf(metadata);
    const id = textOf(fieldsOf(labels)[CLUSTER]) ?? "";
    pending.set(id, [...(pending.get(id) ?? []), textOf(name) ?? ""]);
  }
  const isUndecided = ({ status }: (typeof pods)[number]) =>
    !listOf(fieldsOf(status).conditions)
      .map(fieldsOf)
      .some((each) => each.type === "PodScheduled" && each.status === "False");
  const isShort = ({ spec, status }: (typeof pods)[number]) =>
    fieldsOf(spec).replicas !== fieldsOf(status).replicas;
  const isMaking = ({ status }: (typeof pods)[number]) => {
    const { desiredNumberScheduled, currentNumberScheduled, observedGeneration } = fieldsOf(status);
    return observedGeneration === undefined || desiredNumberScheduled !== currentNumberScheduled;
  };
  const isMoving =
    pods.some(isUndecided) ||
    (await items(`${SETS}/replicasets`)).some(isShort) ||
    (await items(`${SETS}/daemonsets`)).some(isMaking);
  return { pending, isMoving };
};

/** Looks until nothing moves any more, and longer when a pod waits that should not. */
const settled = async (api: ApiClient, mustFit: ReadonlySet<string>): Promise<Seen["pending"]> => {
  const began = Date.now();
  let last = "";
  let since = began;
  for (;;) {
    const { pending, isMoving } = await look(api);
    const now = JSON.stringify([...pending]);
    if (isMoving || now !== last) since = Date.now();
    last = now;
    const patience = [...pending.keys()].some((id) => mustFit.has(id)) ? 10 : 1;
    const isOver = Date.now() - began > PATIENCE_SECONDS * 1_000;
    if (Date.now() - since > STEADY_SECONDS * 1_000 * patience || isOver) return pending;
    await sleep(250);
  }
};

/** Pods that wait in a batch of clusters: with every machine there, and after one of each is lost. */
const judgeBatch = async (api: ApiClient, batch: readonly GeneratedCluster[]): Promise<Seen["pending"][]> => {
  const sets = batch.flatMap(({ id, groups }) => groups.map((group) => workload(id, group)));
  const mustFit = new Set(batch.filter(isSaidToFit).map(({ id }) => String(id)));
  await api.make(NODES, batch.flatMap(nodesOf));
  await api.make(
    `${SETS}/daemonsets`,
    sets.filter(({ kind }) => kind === "DaemonSet"),
  );
  const before = await settled(api, mustFit);
  await api.make(
    `${SETS}/replicasets`,
    sets.filter(({ kind }) => kind === "ReplicaSet"),
  );
  const up = await settled(api, mustFit);
  await Promise.all(
    batch.map(async ({ id, lost }) => {
      await api.ask("DELETE", `${NODES}/c${id}-${lost}`);
      await api.ask("DELETE", `${PODS}?fieldSelector=spec.nodeName%3Dc${id}-${lost}&${AT_LAST}`);
    }),
  );
  const after = await settled(api, mustFit);
  for (const path of [`${SETS}/replicasets`, `${SETS}/daemonsets`, PODS])
    await api.ask("DELETE", `${path}?${AT_LAST}`);
  await api.ask("DELETE", `${NODES}?labelSelector=${encodeURIComponent(CLUSTER)}`);
  return [before, up, after];
};

/** The arithmetic that there was before pods were placed: sums alone. `--break arithmetic` judges by it. */
const fitsBySums = ({ machines, groups, lost }: GeneratedCluster): boolean => {
  const left = machines.filter(({ name }) => name !== lost);
  return (["cpu", "memory"] as const).every((resource) => {
    const free = left.reduce((sum, { free: of }) => sum + of[resource].toNumber(), 0);
    const asked = groups.reduce(
      (sum, { requests, count, isOnEach }) =>
        sum + requests[resource].toNumber() * (isOnEach ? left.length : count),
      0,
    );
    return asked <= free;
  });
};

export interface Comparison {
  readonly count: number;
  readonly seed: number;
  /** Judge by sums alone, which is wrong. */
  readonly isBroken: boolean;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Tells each disagreement; returns 1 when there is one. */
export const againstCapacity = async (
  api: ApiClient,
  { count, seed, isBroken, out, err }: Comparison,
): Promise<number> => {
  await api.make(
    "/apis/scheduling.k8s.io/v1/priorityclasses",
    CLASSES.map(([name, value]) => ({
      ...{ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name }, value },
    })),
  );
  const clusters = Array.from({ length: count }, (_, id) => generateCluster(id, seed));
  const disagreements: string[] = [];
  const refused: number[] = [];
  let [fitting, pods] = [0, 0];
  for (let at = 0; at < count; at += AT_ONCE) {
    const batch = clusters.slice(at, at + AT_ONCE);
    const phases = await judgeBatch(api, batch);
    for (const cluster of batch) {
      pods += cluster.groups.reduce((sum, group) => sum + (group.isOnEach ? 1 : group.count), 0);
      const waits = phases.flatMap((pending) => pending.get(String(cluster.id)) ?? []);
      const fits = isBroken ? fitsBySums(cluster) : isSaidToFit(cluster);
      if (fits) fitting += 1;
      if (fits && waits.length > 0)
        disagreements.push(
          `cluster ${cluster.id}: fits, and ${waits.length} wait: ${waits.slice(0, 3).join(", ")}`,
        );
      if (fits || waits.length > 0) continue;
      refused.push(pessimism(cluster));
      if (pessimism(cluster) > MARGIN)
        disagreements.push(
          `cluster ${cluster.id}: refused until requests shrink by ${percent(pessimism(cluster))}, and no pod waits`,
        );
    }
    err(`${Math.min(count, at + AT_ONCE)} of ${count} clusters`);
  }
  const free = refused.filter((each) => each > 0).toSorted((a, b) => a - b);
  for (const each of disagreements) out(`disagreement: ${each}`);
  out(
    [
      `seed ${seed}: ${count} clusters, ${pods} pods: ${fitting} fit by the arithmetic`,
      `${refused.length} were refused although every pod found a place this time: ${refused.length - free.length} because of pods that are bound to few machines or kept apart; of the others, half until requests shrink by ${percent(free[free.length >> 1] ?? 0)}, all by ${percent(free.at(-1) ?? 0)}, and ${percent(MARGIN)} is the margin`,
      `${disagreements.length} disagreements with kube-scheduler`,
    ].join("\n"),
  );
  return disagreements.length === 0 ? 0 : 1;
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
