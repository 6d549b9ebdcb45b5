/** Senders and receivers: the identities that Cilium tells apart, with the labels it gives to them. */
import { cidrLabelKey, containsPrefix, type Prefix, parsePrefixOrAddress } from "./cidr.ts";
import {
  CIDR_GROUP_NAME_LABEL,
  CLUSTER_LABEL,
  type Label,
  NAMESPACE_LABEL,
  NAMESPACE_LABELS_PREFIX,
  SERVICE_ACCOUNT_LABEL,
} from "./labels.ts";
import { type PolicySettings, worldLabel } from "./model.ts";
import type { NamedPort } from "./ports.ts";

type LabelMap = Readonly<Record<string, string>>;

export interface PodIdentity {
  readonly id: string;
  readonly kind: "pod";
  readonly namespace: string;
  /** @default - none */
  readonly labels?: LabelMap;
  /**
   * Labels of the namespace; `kubernetes.io/metadata.name` need not be among them.
   * @default - none
   */
  readonly namespaceLabels?: LabelMap;
  /** @default "default" */
  readonly serviceAccount?: string;
  /** @default - none */
  readonly namedPorts?: readonly NamedPort[];
}

/** The node that the pod of the flow runs on. */
export interface HostIdentity {
  readonly id: string;
  readonly kind: "host";
  /**
   * Labels of the node.
   * @default - none
   */
  readonly labels?: LabelMap;
  /**
   * True when the API server runs on this node.
   * @default false
   */
  readonly kubeApiserver?: boolean;
}

export interface RemoteNodeIdentity {
  readonly id: string;
  readonly kind: "remote-node";
  /**
   * Labels of the node. Policies see them only with the setting `nodeSelectorLabels`.
   * @default - none
   */
  readonly labels?: LabelMap;
}

/** The API server on another node, or outside the cluster when it has a `cidr`. */
export interface KubeApiserverIdentity {
  readonly id: string;
  readonly kind: "kube-apiserver";
  /** @default - on a node of the cluster */
  readonly cidr?: string;
}

/** An identity that has one reserved label and nothing else. `world` is an address that no rule's prefix covers. */
export interface ReservedIdentity {
  readonly id: string;
  readonly kind: "health" | "ingress" | "init" | "unmanaged" | "world";
}

/** An address or prefix outside the cluster. */
export interface CidrIdentity {
  readonly id: string;
  readonly kind: "cidr";
  readonly cidr: string;
  /**
   * Names that resolved to it.
   * @default - none
   */
  readonly dnsNames?: readonly string[];
}

export type Identity =
  | PodIdentity
  | HostIdentity
  | RemoteNodeIdentity
  | KubeApiserverIdentity
  | ReservedIdentity
  | CidrIdentity;

const labelsFrom = (labels: LabelMap = {}, source = "k8s"): Label[] =>
  Object.entries(labels).map(([key, value]) => ({ source, key, value }));

const reserved = (...names: string[]): Label[] =>
  names.map((key) => ({ source: "reserved", key, value: "" }));

/** Labels of every group that holds the prefix; of two labels with one key that of the longer prefix counts. */
const groupLabels = (prefix: Prefix, settings: PolicySettings): Label[] => {
  const holding = (settings.cidrGroups ?? []).flatMap((group) => {
    const outer = group.cidrs.map(parsePrefixOrAddress).filter((cidr) => containsPrefix(cidr, prefix));
    return outer.length > 0 ? [{ group, bits: Math.max(...outer.map(({ bits }) => bits)) }] : [];
  });
  const labels = holding
    .sort((left, right) => left.bits - right.bits)
    .flatMap(({ group }) => [
      { source: "cidrgroup", key: `${CIDR_GROUP_NAME_LABEL}/${group.name}`, value: "" },
      ...labelsFrom(group.labels, "cidrgroup"),
    ]);
  return [...new Map(labels.map((label) => [label.key, label])).values()];
};

const externalLabels = (cidr: string, settings: PolicySettings): Label[] => {
  const prefix = parsePrefixOrAddress(cidr);
  return [
    ...(prefix.bits === 0 ? [] : [{ source: "cidr", key: cidrLabelKey(prefix), value: "" }]),
    ...groupLabels(prefix, settings),
    ...reserved(worldLabel(prefix.family, settings)),
  ];
};

/** The labels that selectors see. */
export const labelsOf = (identity: Identity, settings: PolicySettings): readonly Label[] => {
  switch (identity.kind) {
    case "pod": {
      const { namespace, labels, namespaceLabels, serviceAccount = "default" } = identity;
      const ofNamespace = { "kubernetes.io/metadata.name": namespace, ...namespaceLabels };
      return labelsFrom({
        ...labels,
        ...Object.fromEntries(
          Object.entries(ofNamespace).map(([key, value]) => [`${NAMESPACE_LABELS_PREFIX}${key}`, value]),
        ),
        [NAMESPACE_LABEL]: namespace,
        [CLUSTER_LABEL]: settings.clusterName ?? "default",
        [SERVICE_ACCOUNT_LABEL]: serviceAccount,
      });
    }
    case "host":
      return [
        ...reserved("host", ...(identity.kubeApiserver ? ["kube-apiserver"] : [])),
        ...labelsFrom(identity.labels),
      ];
    case "remote-node":
      return [
        ...reserved("remote-node"),
        ...(settings.nodeSelectorLabels ? labelsFrom(identity.labels, "node") : []),
      ];
    case "kube-apiserver":
      return identity.cidr === undefined
        ? reserved("kube-apiserver", "remote-node")
        : [...reserved("kube-apiserver"), ...externalLabels(identity.cidr, settings)];
    case "cidr":
      return externalLabels(identity.cidr, settings);
    default:
      return reserved(identity.kind);
  }
};

/**
 * True when the identity has a policy of its own, so that its side of a flow is decided at all: pods, health, ingress
 * and init endpoints, and with the host firewall the host.
 */
export const isEndpoint = ({ kind }: Identity, settings: PolicySettings): boolean =>
  kind === "host"
    ? settings.hostFirewall === true
    : kind === "pod" || kind === "health" || kind === "ingress" || kind === "init";

/** Names that resolve to the identity. */
export const dnsNamesOf = (identity: Identity): readonly string[] =>
  identity.kind === "cidr" ? (identity.dnsNames ?? []) : [];

/** Ports that the identity gives names to. */
export const namedPortsOf = (identity: Identity): readonly NamedPort[] =>
  identity.kind === "pod" ? (identity.namedPorts ?? []) : [];
