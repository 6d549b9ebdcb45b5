/**
 * Labels and label keys as Cilium's agent reads them (`pkg/labels`).
 *
 * A label has a source (`k8s`, `reserved`, `cidr`, `cidrgroup`, `node`, `fqdn`) besides key and value. A selector's key is
 * written `source:key`; without a source it means `any`, which matches every source. The agent rewrites it
 * to the extended form `source.key` before it validates and compares it, and so does this module.
 */

export interface Label {
  readonly source: string;
  readonly key: string;
  readonly value: string;
}

/** Namespace of the pod, as the agent labels it. */
export const NAMESPACE_LABEL = "io.kubernetes.pod.namespace";
/** Prefix of the labels that a pod takes over from its namespace. */
export const NAMESPACE_LABELS_PREFIX = "io.cilium.k8s.namespace.labels.";
/** Name of the cluster that the pod runs in. */
export const CLUSTER_LABEL = "io.cilium.k8s.policy.cluster";
/** Name of the pod's service account. */
export const SERVICE_ACCOUNT_LABEL = "io.cilium.k8s.policy.serviceaccount";
/** Key of the label that an address carries for each CiliumCIDRGroup that holds it. */
export const CIDR_GROUP_NAME_LABEL = "io.cilium.policy.cidrgroupname";

/** `k8s.io.kubernetes.pod.namespace` and the form without a source. */
export const NAMESPACE_KEY = `k8s.${NAMESPACE_LABEL}`;
export const ANY_NAMESPACE_KEY = `any.${NAMESPACE_LABEL}`;

/** A selector's key as the agent looks it up. */
export interface LabelKey {
  /** `any` matches every source. */
  readonly source: string;
  readonly key: string;
}

const splitSource = (text: string, delimiter: ":" | "."): [source: string, key: string] => {
  if (text.startsWith("$")) return ["reserved", text.slice(1)];
  const at = text.indexOf(delimiter);
  if (at >= 0) return [text.slice(0, at), text.slice(at + 1)];
  if (delimiter === ":" && text.startsWith("reserved.")) return ["reserved", text.slice("reserved.".length)];
  return ["", text];
};

/**
 * `app` → `any.app`, `k8s:app` → `k8s.app`, `reserved:host`, `reserved.host` and `$host` → `reserved.host`. A `=` and
 * everything after it is dropped (`labels.GetExtendedKeyFrom`).
 */
export const extendKey = (key: string): string => {
  const [source, rest] = splitSource(key, ":");
  const equals = rest.indexOf("=");
  return `${source || "any"}.${equals < 0 ? rest : rest.slice(0, equals)}`;
};

/**
 * Reads an extended key back. The source ends at the first dot, also when it was written with dots; the
 * source `unspec` means `any` too.
 */
export const parseExtendedKey = (extended: string): LabelKey => {
  const [source, key] = splitSource(extended, ".");
  return { source: source === "" || source === "unspec" ? "any" : source, key };
};

/** `k8s.app` → `k8s:app`, `any.app` → `app`: the form that policies are written in. */
export const displayKey = (extended: string): string => {
  const { source, key } = parseExtendedKey(extended);
  return source === "any" ? key : `${source}:${source === "cidr" ? key.replaceAll("-", ":") : key}`;
};
