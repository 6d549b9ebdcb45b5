/**
 * The peers of a rule. An absent list and an empty one differ: `fromEndpoints: []` selects nobody, and a rule without
 * any peer list selects nobody either unless it has ports, for then it selects everybody.
 */

import { entitySelectors } from "./entities.ts";
import { ANY_NAMESPACE_KEY, CLUSTER_LABEL, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from "./labels.ts";
import { isAtLeast, isLocalClusterOnly, type PolicyPeer, type PolicySettings } from "./model.ts";
import { checkCidr, checkCidrRule, cidrPeers, cidrSetPeers, WORLD } from "./parse-cidrs.ts";
import { servicePeers } from "./parse-services.ts";
import { RejectionError } from "./rejection.ts";
import { type Requirement, Selector } from "./selector.ts";
import type { Direction, WireItem } from "./wire.ts";

/** The context that the selectors of a rule's peers depend on. */
export interface PeerScope {
  readonly settings: PolicySettings;
  /** The policy's namespace; undefined for a clusterwide policy. */
  readonly namespace: string | undefined;
  /** True when the policy's subject names `reserved:init`: then a clusterwide policy's peers need no namespace. */
  readonly selectsInit: boolean;
  /** Turns keys of selectors into extended ones; undefined for those of Cilium's policies. */
  readonly extend?: (key: string) => string;
}

/**
 * Restricts a peer selector: in a namespaced policy to its own namespace, unless the selector names a namespace or
 * one of its labels; in a clusterwide policy to what has a namespace, unless it names one. A key of a reserved
 * label, also in a negative expression, leaves the selector as it is (`getEndpointSelector`).
 */
const scopeSelector = (selector: Selector, scope: PeerScope, keepReserved = true): Selector => {
  if (keepReserved && selector.hasKeyPrefix("reserved.")) return selector;
  let scoped = selector;
  if (!selector.hasKey(NAMESPACE_KEY) && !selector.hasKey(ANY_NAMESPACE_KEY)) {
    if (scope.namespace === undefined) {
      if (!scope.selectsInit) scoped = scoped.with({ key: NAMESPACE_KEY, operator: "Exists", values: [] });
    } else if (
      !selector.hasKeyPrefix(`k8s.${NAMESPACE_LABELS_PREFIX}`) &&
      !selector.hasKeyPrefix(`any.${NAMESPACE_LABELS_PREFIX}`)
    ) {
      scoped = scoped.withLabel(NAMESPACE_KEY, scope.namespace);
    }
  }
  return scopeToCluster(scoped, scope.settings);
};

const scopeToCluster = (selector: Selector, settings: PolicySettings): Selector => {
  const key = `k8s.${CLUSTER_LABEL}`;
  if (!isLocalClusterOnly(settings) || selector.hasKey(key) || selector.hasKey(`any.${CLUSTER_LABEL}`)) {
    return selector;
  }
  return selector.withLabel(key, settings.clusterName ?? "default");
};

const entityPeers = (entities: readonly string[], path: string, settings: PolicySettings): PolicyPeer[] =>
  entities.flatMap((entity, index) =>
    (entitySelectors(entity, settings.clusterName ?? "default") ?? []).map((selector) => ({
      type: "selector" as const,
      origin: "entity" as const,
      path: `${path}[${index}]`,
      selector,
      text: entity,
    })),
  );

/** Two peer lists with entries in one rule are refused. */
const checkCombination = (lists: readonly (readonly [string, readonly unknown[] | undefined])[]): void => {
  const [first, second] = lists.filter(([, list]) => (list?.length ?? 0) > 0);
  if (first && second)
    throw new RejectionError(`combining ${first[0]} and ${second[0]} is not supported yet`);
};

const NODES_REFUSED =
  'FromNodes/ToNodes rules can only be applied when the "enable-node-selector-labels" flag is set';

/** The selectors of a rule after their check. An absent list stays undefined. */
export interface CheckedPeers {
  readonly endpoints: readonly Selector[] | undefined;
  readonly requires: readonly Selector[];
  readonly nodes: readonly Selector[] | undefined;
}

const checkLists = (item: WireItem, extend: PeerScope["extend"]): CheckedPeers => {
  const parse = (selectors: WireItem["endpoints"]) => selectors?.map((raw) => Selector.parse(raw, extend));
  const endpoints = parse(item.endpoints);
  const requires = parse(item.requires) ?? [];
  const nodes = parse(item.nodes);
  item.cidr?.forEach(checkCidr);
  item.cidrSet?.forEach(checkCidrRule);
  for (const entity of item.entities ?? []) {
    if (!entitySelectors(entity, "")) throw new RejectionError(`unsupported entity: ${entity}`);
  }
  return { endpoints, requires, nodes };
};

/**
 * Checks the peers in the agent's order, and throws with its message. From 1.19 on a NetworkPolicy may join a selector
 * and a block in one peer, which the API server refuses; the agent then takes either. It does so itself for a
 * block on ingress, which it restricts to the local cluster by a selector of the policy's own namespace.
 */
export const checkPeers = (item: WireItem, direction: Direction, scope: PeerScope): CheckedPeers => {
  const side = direction === "ingress" ? "From" : "To";
  const joins = scope.extend !== undefined && isAtLeast(scope.settings, 19);
  if (!joins)
    checkCombination([
      [`${side}Endpoints`, item.endpoints],
      [`${side}CIDR`, item.cidr],
      [`${side}CIDRSet`, item.cidrSet],
      [`${side}Entities`, item.entities],
      [`${side}Nodes`, item.nodes],
      [`${side}Groups`, item.groups],
      ["ToServices", item.services],
      ["ToFQDNs", item.fqdns],
    ]);
  if (!item.nodes?.length || scope.settings.nodeSelectorLabels) return checkLists(item, scope.extend);
  try {
    checkLists(item, scope.extend);
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;
    throw new RejectionError(`${error.message}\n${NODES_REFUSED}`);
  }
  throw new RejectionError(NODES_REFUSED);
};

const nodePeer = (selector: Selector, settings: PolicySettings): Selector =>
  scopeToCluster(selector.with({ key: "reserved.remote-node", operator: "Exists", values: [] }), settings);

/** Requirements that `fromRequires` and `toRequires` add to the peers of every rule of the subject. */
export const requirementsOf = (checked: CheckedPeers, scope: PeerScope): readonly Requirement[] =>
  checked.requires.flatMap((selector) => scopeSelector(selector, scope, false).requirements);

/**
 * The peers of a checked rule.
 * @param hasPorts whether the rule has a list of ports or of ICMP types with entries
 */
export const peersOf = (
  item: WireItem,
  checked: CheckedPeers,
  path: string,
  rule: { readonly direction: Direction; readonly deny: boolean; readonly hasPorts: boolean },
  scope: PeerScope,
): readonly PolicyPeer[] => {
  const { endpoints, nodes } = checked;
  const { settings } = scope;
  const side = `${path}.${rule.direction === "ingress" ? "from" : "to"}`;
  const emptyList =
    endpoints?.length === 0 ||
    nodes?.length === 0 ||
    (!item.fqdns?.length && [item.cidr, item.cidrSet, item.entities].some((list) => list?.length === 0));
  if (emptyList) return [];
  const selected = (selectors: readonly Selector[], name: string): PolicyPeer[] =>
    selectors.map((selector, index) => ({
      type: "selector",
      origin: "labels",
      path: item.paths?.peers ?? `${side}${name}[${index}]`,
      selector,
      text: selector.isWildcard ? "any peer" : selector.toString(),
    }));
  const scoped = scope.extend ? endpoints : endpoints?.map((selector) => scopeSelector(selector, scope));
  const peers: PolicyPeer[] = [
    ...selected(scoped ?? [], "Endpoints"),
    ...selected(nodes?.map((selector) => nodePeer(selector, settings)) ?? [], "Nodes"),
    ...entityPeers(item.entities ?? [], `${side}Entities`, settings),
    ...cidrPeers(item.cidr ?? [], `${side}CIDR`, settings),
    ...cidrSetPeers(item.cidrSet ?? [], item.paths?.peers ?? `${side}CIDRSet`, settings),
    ...(item.fqdns ?? []).map(
      (fqdn, index): PolicyPeer => ({
        type: "fqdn",
        path: `${side}FQDNs[${index}]`,
        fqdn,
        text: fqdn.matchName || fqdn.matchPattern,
      }),
    ),
    ...(item.groups ?? []).map(
      (_, index): PolicyPeer => ({
        type: "unknown",
        path: `${side}Groups[${index}]`,
        construct: `${rule.direction === "ingress" ? "from" : "to"}Groups`,
        among: WORLD,
        text: "a group of an external provider",
      }),
    ),
    ...(rule.deny ? [] : servicePeers(item.services ?? [], `${side}Services`, rule.hasPorts, settings)),
  ];
  if (peers.length > 0 || !rule.hasPorts) return peers;
  const at = item.paths?.peers ?? path;
  return [{ type: "selector", origin: "every-peer", path: at, selector: Selector.of(), text: "any peer" }];
};
