/** What became of the pods of a cluster, read again and again until nothing changes. */
import { setTimeout as sleep } from "node:timers/promises";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import type { Kubectl } from "../e2e/kubectl.ts";

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

const podsOf = async (kubectl: Kubectl): Promise<PodState[]> =>
  listOf(fieldsOf(JSON.parse(await kubectl.must(["get", "pods", "-A", "-o", "json"]))).items).map(podState);

/** What controllers say that they may not make: quotas, limit ranges, Pod Security. */
export const refusedByAdmission = async (kubectl: Kubectl, since: number): Promise<string[]> => {
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
      // A default account comes a moment after its namespace.
      return last + 1_000 < since || /serviceaccount .* not found|^\(combined/.test(message)
        ? []
        : [`${textOf(kind)} ${textOf(namespace)}/${textOf(name)}: ${message}`];
    });
  return [...new Set(lines)];
};

export interface Watching {
  /** Seconds without change after which nothing more is expected. */
  readonly quiet: number;
  /** Seconds after which it ends in any case. */
  readonly limit: number;
  /** The beginning of the run, in milliseconds. */
  readonly began: number;
  /** What must have happened before quiet counts. @default - nothing */
  readonly until?: (pods: readonly PodState[]) => boolean;
}

/** Looks until nothing changes any more, and tells what it sees. */
export const watch = async (
  kubectl: Kubectl,
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
    const tell = (name: string, text: string) => {
      if (told.get(name) === text) return;
      told.set(name, text);
      changed = Date.now();
      timeline.push({ at, text: `${name}: ${text}` });
    };
    for (const { name, node, isReady, why } of pods)
      tell(
        name,
        isReady ? `ready on ${node}` : why ? `pending: ${why}` : node ? `placed on ${node}` : "made",
      );
    for (const name of told.keys()) if (!names.has(name)) tell(name, "gone");
    if (!until(pods)) changed = Date.now();
    await sleep(LOOK);
  }
  return { pods, timeline };
};
