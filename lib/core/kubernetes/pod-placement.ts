/** The nodes that a pod may run on, by its node selector, required node affinity and tolerations. */
import type { LabelSelector, RenderedPodSpec } from "../facts/rendered.ts";
import { type Fields, fieldsOf, listOf } from "../fields.ts";
import { selects } from "./label-selector.ts";

/** A node as the scheduler sees it. */
export interface PodNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

/** Machines as Talos registers them; control planes keep their taint where they run no workloads. */
export const podNodes = (
  nodes: readonly { readonly name: string; readonly role: "controlplane" | "worker" }[],
  controlPlane: "converged" | "dedicated",
): PodNode[] =>
  nodes.map(({ name, role }) => ({
    name,
    labels: {
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      ...(role === "controlplane" && { [CONTROL_PLANE]: "" }),
    },
    taints:
      role === "controlplane" && controlPlane === "dedicated"
        ? [{ key: CONTROL_PLANE, effect: "NoSchedule" }]
        : [],
  }));

const tolerates = (toleration: Fields, { key, value = "", effect }: PodNode["taints"][number]): boolean =>
  (toleration.effect === undefined || toleration.effect === "" || toleration.effect === effect) &&
  (toleration.key === undefined || toleration.key === "" || toleration.key === key) &&
  (toleration.operator === "Exists" || (toleration.key === key && (toleration.value ?? "") === value));

const matches = (term: Fields, { name, labels }: PodNode): boolean => {
  const fields = { "metadata.name": name };
  const all = (list: unknown, of: Readonly<Record<string, string>>) =>
    selects({ matchExpressions: listOf(list) as LabelSelector["matchExpressions"] & object }, of);
  return all(term.matchExpressions, labels) && all(term.matchFields, fields);
};

/** The nodes that the scheduler may choose for a pod, room aside. */
export const nodesFor = (
  {
    nodeSelector = {},
    affinity,
    tolerations = [],
  }: Pick<RenderedPodSpec, "nodeSelector" | "affinity" | "tolerations">,
  nodes: readonly PodNode[],
): PodNode[] => {
  const required = fieldsOf(fieldsOf(affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution;
  const terms =
    required === undefined ? undefined : listOf(fieldsOf(required).nodeSelectorTerms).map(fieldsOf);
  return nodes.filter(
    (node) =>
      Object.entries(nodeSelector).every(([key, value]) => node.labels[key] === value) &&
      (terms === undefined || terms.some((term) => matches(term, node))) &&
      node.taints
        .filter(({ effect }) => effect !== "PreferNoSchedule")
        .every((taint) => tolerations.some((each) => tolerates(each, taint))),
  );
};
