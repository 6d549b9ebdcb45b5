import type { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import { type Facts, gateways, type Located, machineAddresses, type RangeFacts } from "../facts.ts";
import { interfacePattern, networkName, vlanInterfaceName } from "../interfaces.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated, type Undecided } from "./rule.ts";

const NAMESERVER_RISK = "nameserver-";

const vlanOf = ({ draft }: Facts): number | null | undefined => draft.loadBalancer?.vlan;

function* order({ loadBalancerRanges }: Facts): Iterable<Finding> {
  for (const { path, start, stop, range } of loadBalancerRanges) {
    if (start && stop && !range) {
      yield { path, rule: "must not stop before it starts", value: `${start.value}-${stop.value}` };
    }
  }
}

function* overlap({ loadBalancerRanges: [first, second] }: Facts): Iterable<Finding> {
  if (first?.range && second?.range?.overlaps(first.range)) {
    yield {
      path: second.path,
      rule: `must not overlap ${first.path}, ${first.range}`,
      value: `${second.range}`,
    };
  }
}

function* vlan(facts: Facts): Iterable<Finding> {
  const id = vlanOf(facts);
  if (id === undefined) return;
  const vlans = facts.nodes.flatMap((node) => node.vlans);
  const complete = facts.nodesKnown && facts.nodes.every((node) => node.vlansKnown);
  if (complete && vlans.every((each) => each.id !== undefined && each.id !== id)) {
    yield { path: "loadBalancer.vlan", rule: "must be a VLAN of a node", value: id };
  }
  const subnet = facts.vlanSubnets.get(id);
  for (const { path, start, stop, range } of facts.loadBalancerRanges) {
    if (subnet && range && !(start && stop && subnet.isHost(start.value) && subnet.isHost(stop.value))) {
      yield {
        path,
        rule: `must lie among the host addresses of ${networkName(id)}, ${subnet}`,
        value: `${range}`,
      };
    }
  }
}

/** Each address once, with all who have it. */
const grouped = (places: readonly Located<Ipv4Address>[]): [address: Ipv4Address, paths: string[]][] => {
  const groups = new Map<number, [Ipv4Address, string[]]>();
  for (const { path, value } of places) {
    const group = groups.get(value.value) ?? [value, []];
    group[1].push(path);
    groups.set(value.value, group);
  }
  return [...groups.values()];
};

const held = (ranges: readonly RangeFacts[], address: Ipv4Address): RangeFacts[] =>
  ranges.filter(({ range }) => range?.contains(address));

function* contents(facts: Facts): Iterable<Finding | Undecided> {
  const ranges = facts.loadBalancerRanges;
  for (const [kind, places] of [
    ["a node", machineAddresses(facts)],
    ["a gateway", gateways(facts)],
  ] as const) {
    for (const [address, paths] of grouped(places)) {
      for (const { path, range } of held(ranges, address)) {
        yield {
          path,
          rule: `must not hold the address of ${kind}, ${address} (${paths[0]})`,
          value: `${range}`,
        };
      }
    }
  }
  for (const [address, paths] of grouped(facts.nodes.flatMap((node) => node.nameservers))) {
    for (const { path, range } of held(ranges, address)) {
      yield {
        path,
        rule: `must not hold the address of a nameserver, ${address} (${paths[0]}): nodes need it before the cluster runs`,
        value: `${range}`,
        riskId: `${NAMESERVER_RISK}${address}-in-load-balancer-range`,
        holdsWhile: "resolver-outside-cluster",
      };
    }
  }
  const known =
    facts.nodesKnown && facts.nodes.every(({ draft }) => draft.nameservers?.every((n) => n !== undefined));
  if (!known || ranges.some(({ range }) => !range)) yield { undecided: NAMESERVER_RISK };
}

function* argocdAddress({
  argocdAddress: argocd,
  loadBalancerRanges: [fixed],
  nodes,
}: Facts): Iterable<Finding> {
  const [resolver] = nodes
    .flatMap((node) => node.nameservers)
    .filter(({ value }) => argocd?.value.equals(value));
  if (argocd && resolver) {
    yield { path: argocd.path, rule: `must not be a nameserver, ${resolver.path}`, value: `${argocd.value}` };
  }
  if (argocd && fixed?.range && !fixed.range.contains(argocd.value)) {
    yield { path: argocd.path, rule: `must lie in ${fixed.path}, ${fixed.range}`, value: `${argocd.value}` };
  }
}

function* interfaces(facts: Facts): Iterable<Finding> {
  const id = vlanOf(facts);
  const patterns = facts.draft.loadBalancer?.interfaces ?? [];
  const parents = facts.nodes
    .filter(({ vlans }) => vlans.some((each) => each.id === id))
    .map(({ draft }) => draft.interface);
  const decided = id !== undefined && facts.nodesKnown && !parents.includes(undefined);
  const names = decided ? parents.flatMap((parent) => (parent ? [vlanInterfaceName(parent, id)] : [])) : [];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern === undefined) continue;
    const path = `loadBalancer.interfaces[${index}]`;
    const expression = interfacePattern(pattern);
    if (!expression) {
      yield { path, rule: "must be a regular expression, as Go reads them", value: pattern };
    } else if (names.length > 0 && !names.some((name) => expression.test(name))) {
      yield {
        path,
        rule: `must match the VLAN interface of a node: ${[...new Set(names)].join(", ")}`,
        value: pattern,
      };
    }
  }
  for (const [pattern] of repeated(patterns.filter(Boolean), (each) => each)) {
    yield { path: "loadBalancer.interfaces", rule: "must name each interface once", value: pattern };
  }
}

export const loadBalancerRules: readonly Rule[] = [order, overlap, vlan, contents, argocdAddress, interfaces];
