/** Watches the pods of a cluster until nothing changes any more. */
import { setTimeout as sleep } from "node:timers/promises";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import type { SandboxKubectl } from "../e2e/kubectl.ts";

/** Milliseconds between two looks. */
const LOOK = 1_000;

/** A pod as it is. */
export interface PodState {
  /** `namespace/name`. */
  readonly name: string;
  /** `namespace/workload`. */
  readonly of: string;
  readonly priorityClass: string;
  readonly node: string | undefined;
  readonly isReady: boolean;
  /** Why the scheduler finds no place. */
  readonly why: string | undefined;
}

/** One line of the timeline. */
export interface Moment {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly text: string;
  /** `namespace/name` of the pod that it is about; undefined for what happens to all. */
  readonly pod?: string;
  /** The pod's state from then on. */
  readonly state?: "made" | "pending" | "placed" | "ready" | "gone";
}

const podState = (item: unknown): PodState => {
  const { metadata, spec, status } = fieldsOf(item);
  const { name, namespace, labels, ownerReferences } = fieldsOf(metadata);
  const owner = textOf(fieldsOf(listOf(ownerReferences)[0]).name) ?? textOf(name) ?? "";
  const hash = textOf(fieldsOf(labels)["pod-template-hash"]);
  const conditions = listOf(fieldsOf(status).conditions).map(fieldsOf);
  const condition = (type: string) => conditions.find((each) => each.type === type);
  const unscheduled = condition("PodScheduled");
  return {
    name: `${textOf(namespace)}/${textOf(name)}`,
    of: `${textOf(namespace)}/${hash && owner.endsWith(`-${hash}`) ? owner.slice(0, -hash.length - 1) : owner}`,
    priorityClass: textOf(fieldsOf(spec).priorityClassName) || "none",
    node: textOf(fieldsOf(spec).nodeName) || undefined,
    isReady: condition("Ready")?.status === "True",
    why: unscheduled?.status === "False" ? textOf(unscheduled.message) : undefined,
  };
};

const podsOf = async (kubectl: SandboxKubectl): Promise<PodState[]> =>
  listOf(fieldsOf(JSON.parse(await kubectl.must(["get", "pods", "-A", "-o", "json"]))).items).map(podState);

/** A pod that a controller was not let make: by a quota, a limit range, Pod Security, a webhook. */
export interface CreationRefusal {
  readonly text: string;
  /** False when it was made after all. */
  readonly isLasting: boolean;
}

/** Owners of pods that have fewer than they want, as `Kind namespace/name`. */
const unfinished = async (kubectl: SandboxKubectl): Promise<ReadonlySet<string>> => {
  const answer = await kubectl.must(["get", "replicasets,statefulsets,daemonsets", "-A", "-o", "json"]);
  const lacking = listOf(fieldsOf(JSON.parse(answer)).items)
    .map(fieldsOf)
    .filter(({ spec, status }) => {
      const { replicas = 0, desiredNumberScheduled, currentNumberScheduled = 0 } = fieldsOf(status);
      return (
        Number(replicas) < Number(fieldsOf(spec).replicas ?? 0) ||
        Number(currentNumberScheduled) < Number(desiredNumberScheduled ?? 0)
      );
    });
  return new Set(
    lacking.map(({ kind, metadata }) => {
      const { namespace, name } = fieldsOf(metadata);
      return `${textOf(kind)} ${textOf(namespace)}/${textOf(name)}`;
    }),
  );
};

/** Lists the objects that controllers say they may not make, or might not at first. */
export const refusedByAdmission = async (
  kubectl: SandboxKubectl,
  since: number,
): Promise<CreationRefusal[]> => {
  const lacking = await unfinished(kubectl);
  const answer = await kubectl.must([
    "get",
    "events",
    "-A",
    "-o",
    "json",
    "--field-selector=reason=FailedCreate",
  ]);
  const lines = listOf(fieldsOf(JSON.parse(answer)).items)
    .map(fieldsOf)
    .flatMap((event) => {
      const last = Date.parse(
        textOf(event.lastTimestamp) || textOf(fieldsOf(event.metadata).creationTimestamp) || "",
      );
      const { kind, namespace, name } = fieldsOf(event.involvedObject);
      const message = (textOf(event.message) ?? "")
        .replace(/^Error creating: /, "")
        .replace(/pods "[^"]*" is /, "");
      // A default account comes a moment after its namespace; two who count the same quota try again.
      return last + 1_000 < since ||
        /serviceaccount .* not found|^\(combined|object has been modified/.test(message)
        ? []
        : [[`${textOf(kind)} ${textOf(namespace)}/${textOf(name)}`, message] as const];
    });
  const refusals = new Map(
    lines.map(([owner, message]) => [`${owner}: ${message}`, lacking.has(owner)] as const),
  );
  return [...refusals].map(([text, isLasting]) => ({ text, isLasting }));
};

/** Budgets that let no pod be evicted while all are healthy: no drain would end. */
export const stuckBudgets = async (kubectl: SandboxKubectl): Promise<string[]> =>
  listOf(fieldsOf(JSON.parse(await kubectl.must(["get", "pdb", "-A", "-o", "json"]))).items)
    .map(fieldsOf)
    .flatMap(({ metadata, status }) => {
      const { name, namespace } = fieldsOf(metadata);
      const { expectedPods, currentHealthy, disruptionsAllowed } = fieldsOf(status);
      const isStuck = Number(expectedPods) > 0 && currentHealthy === expectedPods && disruptionsAllowed === 0;
      return isStuck
        ? [`budget ${textOf(namespace)}/${textOf(name)}: must let a pod be evicted, or no drain ends: got 0`]
        : [];
    });

export interface Watching {
  /** Seconds without change after which nothing more is expected. */
  readonly quiet: number;
  /** Seconds after which it ends in any case. */
  readonly limit: number;
  /** The beginning of the run, in milliseconds. */
  readonly began: number;
  /** A condition that must hold before quiet counts. @default - nothing */
  readonly until?: (pods: readonly PodState[]) => boolean;
}

/** Looks until nothing changes any more, and tells what it sees. */
export const watch = async (
  kubectl: SandboxKubectl,
  { quiet, limit, began, until = () => true }: Watching,
): Promise<{ readonly pods: readonly PodState[]; readonly timeline: readonly Moment[] }> => {
  const timeline: Moment[] = [];
  const told = new Map<string, string>();
  const from = Date.now();
  let changed = from;
  let pods: PodState[] = [];
  while (Date.now() - from < limit * 1_000 && Date.now() - changed < quiet * 1_000) {
    pods = await podsOf(kubectl);
    const names = new Set(pods.map(({ name }) => name));
    const at = Math.round((Date.now() - began) / 1_000);
    const tell = (pod: string, state: Moment["state"], more = "") => {
      const text = `${state}${more}`;
      if (told.get(pod) === text) return;
      told.set(pod, text);
      changed = Date.now();
      timeline.push({ at, text: `${pod}: ${text}`, pod, ...(state && { state }) });
    };
    for (const { name, node, isReady, why } of pods) {
      if (isReady) tell(name, "ready", ` on ${node}`);
      else if (why) tell(name, "pending", `: ${why}`);
      else if (node) tell(name, "placed", ` on ${node}`);
      else tell(name, "made");
    }
    for (const name of told.keys()) if (!names.has(name)) tell(name, "gone");
    const isUndecided = pods.some(({ isReady, why }) => !isReady && why === undefined);
    if (isUndecided || !until(pods)) changed = Date.now();
    await sleep(LOOK);
  }
  return { pods, timeline };
};
