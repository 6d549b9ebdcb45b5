/**
 * networking.k8s.io/v1 NetworkPolicy, translated as the agent does (`pkg/k8s/network_policy.go`).
 *
 * Every rule of `egress` counts, also when `policyTypes` does not name Egress; a policy without rules for a
 * direction turns its default deny on when `policyTypes` names it, and for ingress also when it does not name Egress.
 */
import { fieldsAt, integerAt, integerOrStringAt, listAt, stringAt } from "./decode.ts";
import { CLUSTER_LABEL, NAMESPACE_LABEL, NAMESPACE_LABELS_PREFIX } from "./labels.ts";
import { isLocalClusterOnly, type PolicyRef, type PolicySettings, type PolicySpec } from "./model.ts";
import { parseRule } from "./parse-cilium.ts";
import { EMPTY_SELECTOR, type RawSelector } from "./selector.ts";
import {
  type Direction,
  decodeOptionalSelector,
  decodeSelector,
  type WireItem,
  type WirePortRule,
} from "./wire.ts";

const EMPTY_ITEM: WireItem = {
  endpoints: undefined,
  requires: undefined,
  nodes: undefined,
  cidr: undefined,
  cidrSet: undefined,
  entities: undefined,
  groups: undefined,
  services: undefined,
  fqdns: undefined,
  toPorts: [],
  icmps: [],
  authentication: "",
};

const withLabels = (selector: RawSelector, labels: Readonly<Record<string, string>>): RawSelector => ({
  ...selector,
  matchLabels: { ...selector.matchLabels, ...labels },
});

const join = (first: RawSelector, second: RawSelector): RawSelector => ({
  matchLabels: { ...first.matchLabels, ...second.matchLabels },
  matchExpressions: [...first.matchExpressions, ...second.matchExpressions],
});

/** Labels of a namespace, as pods carry them. An empty selector selects all namespaces. */
const namespaceSelector = ({ matchLabels, matchExpressions }: RawSelector): RawSelector => {
  const prefixed = (key: string): string => `${NAMESPACE_LABELS_PREFIX}${key}`;
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) {
    return { matchLabels: {}, matchExpressions: [{ key: NAMESPACE_LABEL, operator: "Exists", values: [] }] };
  }
  return {
    matchLabels: Object.fromEntries(
      Object.entries(matchLabels).map(([key, value]) => [prefixed(key), value]),
    ),
    matchExpressions: matchExpressions.map((expression) => ({
      ...expression,
      key: prefixed(expression.key),
    })),
  };
};

const selectsCluster = (selector: RawSelector | undefined): boolean =>
  selector !== undefined &&
  (Boolean(selector.matchLabels[CLUSTER_LABEL]) ||
    selector.matchExpressions.some(({ key }) => key === CLUSTER_LABEL));

const parsePeer = (
  value: unknown,
  path: string,
  direction: Direction,
  namespace: string,
  settings: PolicySettings,
): WireItem => {
  const fields = fieldsAt(value, path);
  const ipBlock = fields.ipBlock ? fieldsAt(fields.ipBlock, `${path}.ipBlock`) : undefined;
  let pods = fields.podSelector
    ? decodeOptionalSelector(fields.podSelector, `${path}.podSelector`)
    : undefined;
  const namespaces = fields.namespaceSelector
    ? decodeSelector(fields.namespaceSelector, `${path}.namespaceSelector`)
    : undefined;
  const local = isLocalClusterOnly(settings) && !selectsCluster(pods);
  if (local && (direction === "ingress" || pods || namespaces)) {
    pods = withLabels(pods ?? EMPTY_SELECTOR, { [CLUSTER_LABEL]: settings.clusterName ?? "default" });
  }
  const endpoints = namespaces
    ? join(namespaceSelector(namespaces), pods ?? EMPTY_SELECTOR)
    : pods && withLabels(pods, { [NAMESPACE_LABEL]: namespace });
  return {
    ...EMPTY_ITEM,
    paths: { rule: path.slice(0, path.lastIndexOf(".")), peers: path },
    endpoints: endpoints && [endpoints],
    cidrSet: ipBlock && [
      {
        cidr: stringAt(ipBlock.cidr, `${path}.ipBlock.cidr`),
        cidrGroupRef: "",
        cidrGroupSelector: undefined,
        except: listAt(ipBlock.except, `${path}.ipBlock.except`, stringAt) ?? [],
      },
    ],
  };
};

const parsePort = (value: unknown, path: string): WirePortRule => {
  const { port, endPort, protocol } = fieldsAt(value, path);
  return {
    ports: [
      {
        port: port === undefined || port === null ? "0" : integerOrStringAt(port, `${path}.port`),
        endPort: integerAt(endPort, `${path}.endPort`),
        protocol:
          protocol === undefined || protocol === null ? "TCP" : stringAt(protocol, `${path}.protocol`),
      },
    ],
    rules: undefined,
    serverNames: [],
    listener: undefined,
    terminatingTLS: false,
    originatingTLS: false,
  };
};

/** The specs of a NetworkPolicy: always one. Throws with the agent's message when it refuses the object. */
export const parseNetworkPolicy = (
  object: unknown,
  policy: PolicyRef & { readonly namespace: string },
  settings: PolicySettings,
): readonly PolicySpec[] => {
  const spec = fieldsAt(fieldsAt(object, "object").spec, "spec");
  const policyTypes = listAt(spec.policyTypes, "spec.policyTypes", stringAt) ?? [];
  const items = (direction: Direction): readonly WireItem[] =>
    (
      listAt(spec[direction], `spec.${direction}`, (value, path) => {
        const fields = fieldsAt(value, path);
        const side = direction === "ingress" ? "from" : "to";
        const toPorts = listAt(fields.ports, `${path}.ports`, parsePort) ?? [];
        const peers = listAt(fields[side], `${path}.${side}`, (peer, at) =>
          parsePeer(peer, at, direction, policy.namespace, settings),
        );
        const everybody: WireItem = {
          ...EMPTY_ITEM,
          endpoints: [EMPTY_SELECTOR],
          paths: { rule: path, peers: path },
        };
        return (peers?.length ? peers : [everybody]).map((item): WireItem => ({ ...item, toPorts }));
      }) ?? []
    ).flat();
  const ingress = items("ingress");
  const egress = items("egress");
  const deniesIngress = policyTypes.includes("Ingress") || !policyTypes.includes("Egress");
  return [
    parseRule(
      {
        endpointSelector: withLabels(decodeSelector(spec.podSelector, "spec.podSelector"), {
          [NAMESPACE_LABEL]: policy.namespace,
        }),
        nodeSelector: undefined,
        ingress: ingress.length === 0 && deniesIngress ? [EMPTY_ITEM] : ingress,
        ingressDeny: [],
        egress: egress.length === 0 && policyTypes.includes("Egress") ? [EMPTY_ITEM] : egress,
        egressDeny: [],
        enableDefaultDeny: { ingress: undefined, egress: undefined },
      },
      policy,
      "spec",
      settings,
      (key) => `k8s.${key}`,
    ),
  ];
};
