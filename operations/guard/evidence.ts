/** Reads what no plan holds from the output of the tools that know it. */
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import type { NodeVersions } from "./rule.ts";

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

/**
 * Reads the use that quotas count, from `kubectl get resourcequota --all-namespaces -o json`.
 *
 * Refused: anything else.
 */
export const readQuotaUse = (text: string): ReadonlyMap<string, Readonly<Record<string, string>>> => {
  const { items } = fieldsOf(JSON.parse(text));
  if (!Array.isArray(items))
    throw new Error("quota use: must be the list of kubectl get resourcequota --all-namespaces -o json");
  return new Map(
    items.filter(isFields).map(({ metadata, status }) => {
      const { namespace, name } = fieldsOf(metadata);
      const used = Object.entries(fieldsOf(fieldsOf(status).used)).map(([key, value]) => [
        key,
        String(value),
      ]);
      return [`${namespace}/${name}`, Object.fromEntries(used)];
    }),
  );
};

/**
 * Versions that nodes run, from `kubectl get nodes -o json`.
 *
 * Refused: anything else; a node that is not ready, since what it ran last may not be what it starts next.
 */
export const readRunning = (text: string): ReadonlyMap<string, NodeVersions> => {
  const { items } = fieldsOf(JSON.parse(text));
  const nodes = listOf(items).map(fieldsOf);
  const isNode = ({ kind, status }: Fields) => kind === "Node" && isFields(fieldsOf(status).nodeInfo);
  if (nodes.length === 0 || !nodes.every(isNode))
    throw new Error("running versions: must be the list of kubectl get nodes -o json");
  return new Map(
    nodes.map(({ metadata, status }) => {
      const name = textOf(fieldsOf(metadata).name);
      const { nodeInfo, conditions } = fieldsOf(status);
      const ready = listOf(conditions)
        .map(fieldsOf)
        .find(({ type }) => type === "Ready");
      if (ready?.status !== "True") throw new Error(`running versions: the node ${name} is not ready`);
      const { osImage, kubeletVersion } = fieldsOf(nodeInfo);
      return [
        name,
        {
          talos: /^Talos \((v[^)]+)\)$/.exec(textOf(osImage))?.[1],
          kubelet: textOf(kubeletVersion) || undefined,
        },
      ];
    }),
  );
};
