import { parse } from "yaml";
import { type Fields, fieldsOf, isFields } from "../../lib/core/fields.ts";

/** A Kubernetes object behind a resource, as far as its values tell. */
export interface KubernetesObject {
  /** Empty when the resource is none, or does not tell. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** The object itself, where the resource holds it as a text. */
  readonly object?: Fields;
}

/** Kinds of the typed resources, without `_v1` and the like. */
const TYPED: Readonly<Record<string, string>> = {
  kubernetes_namespace: "Namespace",
  kubernetes_persistent_volume_claim: "PersistentVolumeClaim",
  kubernetes_persistent_volume: "PersistentVolume",
  kubernetes_resource_quota: "ResourceQuota",
  kubernetes_network_policy: "NetworkPolicy",
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads `kubernetes_*`, `kubernetes_manifest`, `kubectl_manifest` and Helm releases. */
export const kubernetesObject = (type: string, values: Fields): KubernetesObject => {
  if (type === "kubectl_manifest") return manifest(parsed(text(values.yaml_body)), values);
  if (type === "kubernetes_manifest") return manifest(fieldsOf(values.manifest), values);
  if (type === "helm_release")
    return { kind: "", name: text(values.name), namespace: text(values.namespace) };
  const { name, namespace } = fieldsOf(Array.isArray(values.metadata) ? values.metadata[0] : undefined);
  const kind = TYPED[type.replace(/_v\d+((alpha|beta)\d+)?$/, "")] ?? "";
  return { kind, name: text(name), namespace: text(namespace) };
};

/** The provider keeps kind and name beside the text, and they stay when the text is not known. */
const manifest = (object: Fields, values: Fields): KubernetesObject => {
  const metadata = fieldsOf(object.metadata);
  return {
    kind: text(object.kind) || text(values.kind),
    name: text(metadata.name) || text(values.name),
    namespace: text(metadata.namespace) || text(values.namespace),
    ...("kind" in object && { object }),
  };
};

const parsed = (yaml: string): Fields => {
  try {
    const value: unknown = parse(yaml);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
};
