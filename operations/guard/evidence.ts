/** Reads what no plan holds from the output of the tools that know it. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { kubectlAnswer, listOfObjects } from "../../lib/core/kubernetes/kubectl-answer.ts";
import type { Evidence, NodeVersions } from "./rule.ts";

/**
 * Host names from `talosctl etcd members`, found by the column HOSTNAME.
 *
 * Refused: a text without that column or without a member.
 */
export const readEtcdMembers = (text: string): string[] => {
  const [head = "", ...rows] = text.split("\n").filter((line) => line.trim() !== "");
  const column = head.trim().split(/\s+/).indexOf("HOSTNAME");
  const names = rows.flatMap((row) => row.trim().split(/\s+/)[column] ?? []);
  if (column < 0 || names.length === 0)
    throw new Error("etcd members: must be the table of talosctl etcd members, with the column HOSTNAME");
  return [...new Set(names)];
};

const objectShape = z.object({ metadata: z.object({ name: z.string(), namespace: z.string().optional() }) });
const quotaShape = objectShape.extend({
  kind: z.literal("ResourceQuota").optional(),
  status: z.object({ used: z.record(z.string(), z.coerce.string()).default({}) }).default({ used: {} }),
});
const nodeShape = objectShape.extend({
  kind: z.literal("Node"),
  status: z.object({
    nodeInfo: z.object({ osImage: z.string(), kubeletVersion: z.string() }),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

/** The items of a list; what has another shape is refused with the command that prints it. */
const itemsOf = <T>(text: string, shape: z.ZodType<T>, what: string, command: string): readonly T[] => {
  try {
    return kubectlAnswer(text, listOfObjects(shape)).items;
  } catch (error) {
    throw new Error(`${what}: must be the list of ${command}: ${(error as Error).message}`);
  }
};

/**
 * Reads the use that quotas count, from `kubectl get resourcequota --all-namespaces -o json`.
 *
 * Refused: anything else.
 */
export const readQuotaUse = (text: string): ReadonlyMap<string, Readonly<Record<string, string>>> =>
  new Map(
    itemsOf(text, quotaShape, "quota use", "kubectl get resourcequota --all-namespaces -o json").map(
      ({ metadata: { namespace, name }, status }) => [`${namespace}/${name}`, status.used],
    ),
  );

/**
 * Versions that nodes run, from `kubectl get nodes -o json`.
 *
 * Refused: anything else; a node that is not ready, since what it ran last may not be what it starts next.
 */
const readRunning = (text: string): ReadonlyMap<string, NodeVersions> => {
  const nodes = itemsOf(text, nodeShape, "running versions", "kubectl get nodes -o json");
  if (nodes.length === 0) throw new Error("running versions: the list holds no node");
  return new Map(
    nodes.map(({ metadata: { name }, status: { nodeInfo, conditions } }) => {
      const ready = conditions.find(({ type }) => type === "Ready");
      if (ready?.status !== "True") throw new Error(`running versions: the node ${name} is not ready`);
      const { osImage, kubeletVersion } = nodeInfo;
      return [
        name,
        { talos: /^Talos \((v[^)]+)\)$/.exec(osImage)?.[1], kubelet: kubeletVersion || undefined },
      ];
    }),
  );
};

/** Files with facts that no plan holds. */
export interface EvidenceFiles {
  /** Output of `talosctl etcd members`. */
  readonly etcdMembers?: string | undefined;
  /** Output of `kubectl get resourcequota --all-namespaces -o json`. */
  readonly quotaUse?: string | undefined;
  /** Output of `kubectl get nodes -o json`. */
  readonly running?: string | undefined;
}

/** Reads the files of the evidence options, before anything runs. */
export const evidenceFrom = ({ etcdMembers: members, quotaUse: use, running }: EvidenceFiles): Evidence => ({
  ...(members !== undefined && { etcdMembers: readEtcdMembers(readFileSync(members, "utf8")) }),
  ...(use !== undefined && { quotaUse: readQuotaUse(readFileSync(use, "utf8")) }),
  ...(running !== undefined && { running: readRunning(readFileSync(running, "utf8")) }),
});
