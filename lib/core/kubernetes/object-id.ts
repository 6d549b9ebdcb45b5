/** Identifies the object of the cluster that a manifest is: two owners can fight over it. */
import { type Fields, fieldsOf, textOf } from "../fields.ts";

export interface ObjectId {
  /** API group without the version; empty for the core. */
  readonly group: string;
  readonly kind: string;
  /** Empty for an object of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** Kinds that have no namespace, as `group/Kind`. */
export type ClusterKinds = ReadonlySet<string>;

/** Those of Kubernetes itself, and of what the homelab runs; others are known by their definitions. */
export const CLUSTER_KINDS: ClusterKinds = new Set([
  "/Namespace",
  "/Node",
  "/PersistentVolume",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "cert-manager.io/ClusterIssuer",
  "cilium.io/CiliumClusterwideEnvoyConfig",
  "cilium.io/CiliumClusterwideNetworkPolicy",
  "cilium.io/CiliumL2AnnouncementPolicy",
  "cilium.io/CiliumLoadBalancerIPPool",
  "external-secrets.io/ClusterExternalSecret",
  "external-secrets.io/ClusterSecretStore",
  "gateway.networking.k8s.io/GatewayClass",
  "kyverno.io/ClusterCleanupPolicy",
  "kyverno.io/ClusterPolicy",
  "networking.k8s.io/IngressClass",
  "node.k8s.io/RuntimeClass",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "scheduling.k8s.io/PriorityClass",
  "snapshot.storage.k8s.io/VolumeSnapshotClass",
  "snapshot.storage.k8s.io/VolumeSnapshotContent",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/VolumeAttachment",
]);

/** `networking.k8s.io` of `networking.k8s.io/v1`; the Ingress of old is that of today. */
export const groupOf = (apiVersion: unknown): string => {
  const [group = "", version] = textOf(apiVersion).split("/");
  if (version === undefined) return "";
  return group === "extensions" ? "networking.k8s.io" : group;
};

export const groupKindOf = (object: Fields): string => `${groupOf(object.apiVersion)}/${textOf(object.kind)}`;

/** `group/Kind` of the whole cluster that definitions among the objects say. */
export const definedClusterKinds = (objects: readonly Fields[]): string[] =>
  objects
    .filter((object) => groupKindOf(object) === "apiextensions.k8s.io/CustomResourceDefinition")
    .map(({ spec }) => fieldsOf(spec))
    .filter(({ scope }) => scope === "Cluster")
    .map(({ group, names }) => `${textOf(group)}/${textOf(fieldsOf(names).kind)}`);

/**
 * The identity of an object; undefined when it has no kind or no name.
 * @param namespace where an object goes that names none
 */
export const idOf = (object: Fields, clusterKinds: ClusterKinds, namespace: string): ObjectId | undefined => {
  const metadata = fieldsOf(object.metadata);
  const [kind, name] = [textOf(object.kind), textOf(metadata.name)];
  if (kind === "" || name === "") return undefined;
  return {
    group: groupOf(object.apiVersion),
    kind,
    namespace: clusterKinds.has(groupKindOf(object)) ? "" : textOf(metadata.namespace) || namespace,
    name,
  };
};

/** `Deployment.apps whoami/whoami`: unambiguous, and what kubectl understands. */
export const display = ({ group, kind, namespace, name }: ObjectId): string =>
  `${kind}${group === "" ? "" : `.${group}`} ${namespace === "" ? "" : `${namespace}/`}${name}`;
