/** The policies for one class of endpoints, in one direction. */
import { addAll, type Bitset, emptySet, fullSet, has, removeAll, retainAll } from "./bitset.ts";
import type { PolicyRule, PortEntry } from "./model.ts";
import { displayPort, type FlowProtocol, matchesPort, type PortNames } from "./ports.ts";
import type { RuleMatch, Side, SpecRef } from "./verdict.ts";

/** A peer of a rule, with the classes that it selects. */
export interface BoundPeer {
  readonly path: string;
  readonly text: string;
  readonly classes: Bitset;
  /** Set when the peer selects an unknown part of the classes. */
  readonly construct?: string;
}

export interface BoundRule {
  readonly rule: PolicyRule;
  readonly peers: readonly BoundPeer[];
  /** Classes that the rule selects for certain, and those that it may select besides. */
  readonly certain: Bitset;
  readonly possible: Bitset | undefined;
}

export interface PolicyPort {
  readonly protocol: FlowProtocol;
  readonly port: number;
}

/** Peers of one endpoint on one port. A peer in neither set is allowed; one in both is denied. */
export interface SideSets {
  readonly denied: Bitset;
  readonly unknown: Bitset;
}

/** Stand-in for the ports of a rule that has none: it covers every port. */
const WHOLE_RULE: readonly undefined[] = [undefined];
const NO_CONSTRUCTS: readonly string[] = [];

/** The entries of a rule that cover a port; undefined when the rule does not cover it. */
const covering = (
  { ports }: PolicyRule,
  { protocol, port }: PolicyPort,
  names: PortNames,
): readonly (PortEntry | undefined)[] | undefined => {
  if (!ports) return WHOLE_RULE;
  const entries = ports.filter(({ match }) => matchesPort(match, protocol, port, names));
  return entries.length > 0 ? entries : undefined;
};

const constructsOf = (rule: PolicyRule, entries: readonly (PortEntry | undefined)[]): readonly string[] => {
  const ofEntries = entries.some((entry) => entry !== undefined && entry.constructs.length > 0);
  if (!ofEntries) return rule.constructs;
  return [...rule.constructs, ...entries.flatMap((entry) => entry?.constructs ?? NO_CONSTRUCTS)];
};

/** A rule that covers the port and selects the peer. */
interface Match {
  readonly deny: boolean;
  /** True when it certainly selects the peer. */
  readonly certain: boolean;
  /** Constructs that its effect depends on and that are not modelled. */
  readonly constructs: readonly string[];
  readonly l7: readonly string[];
  readonly rule: RuleMatch;
}

/** Rules of several proxies on one port: the agent may refuse to compute the endpoint's policy. */
const conflictingParsers = (parsers: Iterable<string>): string | undefined => {
  const names = [...new Set(parsers)].sort();
  return names.length > 1 ? `l7 rules of several kinds (${names.join(", ")})` : undefined;
};

export interface Enforcement {
  /** Specs that have rules for the direction, and those that turn default deny on. */
  readonly specs: readonly SpecRef[];
  readonly defaultDenySpecs: readonly SpecRef[];
  /** True when a label of the endpoint takes it out of enforcement. */
  readonly exempt: boolean;
  /** True when any policy applies. */
  readonly enforced: boolean;
  /** True when a flow that nothing allows is denied. */
  readonly defaultDeny: boolean;
  /** The class of the endpoint's node, when that is always let in. */
  readonly localHost: Bitset | undefined;
}

/** All that the policies say of one endpoint, in one direction. */
export class EndpointPolicy {
  /** The sets of every port that no rule names: most ports are such ones. */
  private elsewhere: SideSets | undefined;

  constructor(
    private readonly size: number,
    private readonly rules: readonly BoundRule[],
    private readonly enforcement: Enforcement,
  ) {}

  /** True when rules use names of ports, so that decisions depend on what they stand for. */
  get usesPortNames(): boolean {
    return this.rules.some(({ rule }) => rule.ports?.some(({ match }) => match.type === "named"));
  }

  /** Decides all peers at once. The sets are shared: they must not be changed. */
  sets(port: PolicyPort, names: PortNames): SideSets {
    const isNamed = this.rules.some(({ rule }) =>
      rule.ports?.some(({ match }) => matchesPort(match, port.protocol, port.port, names)),
    );
    if (isNamed) return this.decide(port, names);
    this.elsewhere ??= this.decide(port, names);
    return this.elsewhere;
  }

  private decide(port: PolicyPort, names: PortNames): SideSets {
    const { enforced, defaultDeny, localHost } = this.enforcement;
    const unknown = emptySet(this.size);
    if (!enforced) return { denied: unknown, unknown };
    const denies = emptySet(this.size);
    const allows = defaultDeny ? emptySet(this.size) : fullSet(this.size);
    const mayAllow = emptySet(this.size);
    const parsers = new Map<string, Bitset>();
    for (const { rule, certain, possible } of this.rules) {
      const entries = covering(rule, port, names);
      if (!entries) continue;
      if (rule.deny) {
        addAll(denies, certain);
        if (possible) addAll(unknown, possible);
        continue;
      }
      if (possible) addAll(mayAllow, possible);
      if (constructsOf(rule, entries).length > 0) {
        addAll(mayAllow, certain);
        addAll(unknown, certain);
      } else {
        addAll(allows, certain);
      }
      for (const entry of entries) {
        if (entry?.l7 === undefined) continue;
        const found = parsers.get(entry.l7) ?? emptySet(this.size);
        addAll(found, certain);
        parsers.set(entry.l7, found);
      }
    }
    addOverlaps(unknown, [...parsers.values()]);
    if (localHost) addAll(allows, localHost);
    const denied = fullSet(this.size);
    removeAll(denied, allows);
    removeAll(denied, mayAllow);
    addAll(denied, denies);
    removeAll(mayAllow, allows);
    addAll(unknown, mayAllow);
    return { denied, unknown };
  }

  /** Decides one peer, with the reason. */
  side(peer: number, port: PolicyPort, names: PortNames): Side {
    const { exempt, enforced, defaultDeny, localHost, specs, defaultDenySpecs } = this.enforcement;
    if (!enforced) return { decision: "allowed", reason: { kind: exempt ? "exempt" : "no-policy" } };
    const matches = this.matches(peer, port, names);
    const deny = matches.find((match) => match.deny && match.certain);
    if (deny) return { decision: "denied", reason: { kind: "deny-rule", rule: deny.rule } };

    const allows = matches.filter((match) => !match.deny);
    const allow = allows.find(({ certain, constructs }) => certain && constructs.length === 0);
    const fromHost = localHost !== undefined && has(localHost, peer);
    const open = allow !== undefined || fromHost || !defaultDeny;
    if (!open && allows.length === 0) {
      return { decision: "denied", reason: { kind: "default-deny", specs: defaultDenySpecs } };
    }
    const doubts = matches
      .filter((match) => (match.deny || match.certain ? match.constructs.length > 0 : !open))
      .flatMap(({ constructs, rule }) => constructs.map((construct) => ({ construct, rule })));
    const certain = allows.filter((match) => match.certain);
    const conflict = conflictingParsers(certain.flatMap(({ l7 }) => l7));
    const conflicting = certain.find(({ l7 }) => l7.length > 0);
    if (conflict !== undefined && conflicting) doubts.push({ construct: conflict, rule: conflicting.rule });
    if (doubts.length > 0) {
      return { decision: "unknown", reason: { kind: "not-modelled", constructs: doubts } };
    }
    if (allow) return { decision: "allowed", reason: { kind: "allow-rule", rule: allow.rule } };
    return {
      decision: "allowed",
      reason: fromHost ? { kind: "local-host" } : { kind: "no-default-deny", specs },
    };
  }

  private matches(peer: number, port: PolicyPort, names: PortNames): Match[] {
    const matches: Match[] = [];
    for (const bound of this.rules) {
      const certain = has(bound.certain, peer);
      if (!certain && !(bound.possible && has(bound.possible, peer))) continue;
      const entries = covering(bound.rule, port, names);
      if (!entries) continue;
      const selecting = bound.peers.find(
        ({ classes, construct }) => (construct === undefined) === certain && has(classes, peer),
      );
      if (selecting) matches.push(matchOf(bound, selecting, entries));
    }
    return matches;
  }
}

const matchOf = (
  { rule }: BoundRule,
  peer: BoundPeer,
  entries: readonly (PortEntry | undefined)[],
): Match => {
  const ofRule = constructsOf(rule, entries);
  const l7 = entries.flatMap((entry) => entry?.l7 ?? NO_CONSTRUCTS);
  const [entry] = entries;
  return {
    deny: rule.deny,
    certain: peer.construct === undefined,
    constructs: peer.construct === undefined ? ofRule : [peer.construct, ...ofRule],
    l7,
    rule: {
      policy: rule.policy,
      path: rule.path,
      peer: { path: peer.path, text: peer.text },
      ...(entry ? { port: displayPort(entry.match) } : {}),
      ...(entry?.l7 === undefined ? {} : { l7: entry.l7 }),
    },
  };
};

/** Adds what two of the sets have in common. */
const addOverlaps = (target: Bitset, sets: readonly Bitset[]): void => {
  const seen = target.slice().fill(0);
  for (const set of sets) {
    const common = set.slice();
    retainAll(common, seen);
    addAll(target, common);
    addAll(seen, set);
  }
};
