/** Brings policies together with the classes of the identities, and holds the policy of each class. */
import { add, addAll, type Bitset, emptySet, forEachMember, fullSet, has, retainAll } from "./bitset.ts";
import { IdentityClasses } from "./classes.ts";
import { type BoundPeer, type BoundRule, EndpointPolicy } from "./endpoint-policy.ts";
import { type Identity, isEndpoint, labelsOf, namedPortsOf } from "./identities.ts";
import type { PolicyPeer, PolicyRule, PolicySettings, PolicySpec } from "./model.ts";
import { settleNamedRanges } from "./named-ranges.ts";
import { matchesPort, type PortNames } from "./ports.ts";
import { type Requirement, Selector } from "./selector.ts";
import type { SpecRef } from "./verdict.ts";
import type { Direction } from "./wire.ts";

const DNS_PORT = 53;

const refOf = ({ policy, path }: PolicySpec): SpecRef => ({ policy, path });

/** Traits of an endpoint that the engine looks at besides the policies that select it. */
interface Traits {
  /** Left out of enforcement. */
  readonly exempt: boolean;
  readonly init: boolean;
  readonly isHost: boolean;
}

/** The traits of an identity; undefined when it has no policy of its own. */
const traitsOf = (identity: Identity, settings: PolicySettings): Traits | undefined => {
  if (!isEndpoint(identity, settings)) return undefined;
  const keys = labelsOf(identity, settings).map(({ key }) => key);
  return {
    exempt: !settings.hostFirewall && keys.includes("host"),
    init: keys.includes("init"),
    isHost: identity.kind === "host",
  };
};

/** The effect of policies on endpoints: which specs select one, and which of their rules bind it. */
export class Binding {
  readonly classes: IdentityClasses;
  private readonly specsByClass: number[][];
  private readonly rules: (readonly BoundRule[])[] = [];
  private readonly policies = new Map<string, EndpointPolicy>();
  private readonly policyOf: (EndpointPolicy | undefined)[] = [];
  private readonly traits: readonly (Traits | undefined)[];
  private readonly hosts: Bitset;
  private readonly clusterPorts: PortNames;
  private readonly ownPorts: PortNames[] = [];

  constructor(
    private readonly specs: readonly PolicySpec[],
    identities: readonly Identity[],
    private readonly settings: PolicySettings,
  ) {
    this.classes = new IdentityClasses(specs, identities, settings);
    const { representatives, size } = this.classes;
    this.traits = representatives.map((identity) => traitsOf(identity, settings));
    this.hosts = emptySet(size);
    representatives.forEach(({ kind }, number) => {
      if (kind === "host") add(this.hosts, number);
    });
    this.specsByClass = representatives.map(() => []);
    specs.forEach((spec, at) => {
      forEachMember(this.classes.selectedBy(spec.subject), (number) => {
        const representative = representatives[number];
        if (representative && (representative.kind === "host") === spec.selectsNodes) {
          this.specsByClass[number]?.push(at);
        }
      });
    });
    this.clusterPorts = uniquePorts(identities);
  }

  /** The policy of a class; undefined when the class has none of its own. */
  policy(number: number, direction: Direction): EndpointPolicy | undefined {
    const slot = number * 2 + (direction === "ingress" ? 0 : 1);
    const known = this.policyOf[slot];
    if (known) return known;
    const traits = this.traits[number];
    if (!traits) return undefined;
    const specs = (this.specsByClass[number] ?? []).filter((at) => this.specs[at]?.enforces[direction]);
    const key = `${direction} ${traits.exempt} ${traits.init} ${traits.isHost} ${specs.join(",")}`;
    const policy = this.policies.get(key) ?? this.build(specs, direction, traits);
    this.policies.set(key, policy);
    this.policyOf[slot] = policy;
    return policy;
  }

  /** The numbers that names of ports stand for: of the endpoint itself on ingress, of any pod on egress. */
  portNames(number: number, direction: Direction): PortNames {
    if (direction === "egress") return this.clusterPorts;
    let names = this.ownPorts[number];
    if (!names) {
      names = uniquePorts(this.classes.representatives.slice(number, number + 1));
      this.ownPorts[number] = names;
    }
    return names;
  }

  private build(
    at: readonly number[],
    direction: Direction,
    { exempt, init, isHost }: Traits,
  ): EndpointPolicy {
    const specs = at.flatMap((index) => this.specs[index] ?? []);
    const denying = specs.filter((spec) => spec.defaultDeny[direction]);
    const required = {
      allow: this.required(specs.flatMap((spec) => spec.requirements.allow[direction])),
      deny: this.required(specs.flatMap((spec) => spec.requirements.deny[direction])),
    };
    const bySpec = at.map((index) => this.rulesOf(index).filter(({ rule }) => rule.direction === direction));
    const rules = settleNamedRanges(bySpec).map((bound) =>
      narrow(bound, bound.rule.deny ? required.deny : required.allow),
    );
    const seen = direction === "egress" ? this.seenNames(rules) : undefined;
    return new EndpointPolicy(this.classes.size, seen ? rules.map((bound) => onlySeen(bound, seen)) : rules, {
      specs: specs.map(refOf),
      defaultDenySpecs: denying.map(refOf),
      exempt,
      enforced: !exempt && (init || specs.length > 0),
      defaultDeny: init || denying.length > 0,
      localHost: direction === "ingress" && !isHost ? this.hosts : undefined,
    });
  }

  /**
   * Classes with a name whose DNS answer Cilium sees, when an endpoint has these egress rules; undefined when every name
   * counts as resolved. A DNS rule sends the endpoint's questions through the proxy, those of a rule without it too.
   */
  private seenNames(rules: readonly BoundRule[]): Bitset | undefined {
    const { resolvers } = this.settings;
    if (!resolvers) return undefined;
    const seen = emptySet(this.classes.size);
    const servers = resolvers.map((id) => this.classes.classOf(id));
    const asking = rules
      .filter(({ certain }) => servers.some((server) => has(certain, server)))
      .flatMap(({ rule }) =>
        (rule.ports ?? [undefined])
          .filter((entry) => !entry || matchesPort(entry.match, "UDP", DNS_PORT, this.clusterPorts))
          .map((entry) => ({ deny: rule.deny, dns: entry?.dns })),
      );
    const patterns = asking.flatMap(({ dns = [] }) => dns);
    if (patterns.length === 0 || asking.some(({ deny }) => deny)) return seen;
    if (asking.some(({ dns }) => dns === undefined)) return fullSet(this.classes.size);
    for (const pattern of patterns) addAll(seen, this.classes.namedBy(pattern));
    return seen;
  }

  /** Classes that fulfil all requirements; undefined when there are none. */
  private required(requirements: readonly Requirement[]): Bitset | undefined {
    if (requirements.length === 0) return undefined;
    const fulfilling = fullSet(this.classes.size);
    for (const requirement of requirements) {
      retainAll(fulfilling, this.classes.selectedBy(Selector.of(requirement)));
    }
    return fulfilling;
  }

  /** The classes of endpoints that a spec applies to, by its position. */
  subjectsOf(index: number): Bitset {
    const subjects = emptySet(this.classes.size);
    this.specsByClass.forEach((specs, number) => {
      if (this.traits[number] && specs.includes(index)) add(subjects, number);
    });
    return subjects;
  }

  /** The rules of a spec with whom they select, by the spec's position. */
  rulesOf(index: number): readonly BoundRule[] {
    let rules = this.rules[index];
    if (!rules) {
      rules = this.specs[index]?.rules.map((rule) => this.bind(rule)) ?? [];
      this.rules[index] = rules;
    }
    return rules;
  }

  private bind(rule: PolicyRule): BoundRule {
    return boundRule(
      rule,
      rule.peers.map((peer) => ({
        path: peer.path,
        text: peer.text,
        classes: this.classesOf(peer),
        ...(peer.type === "unknown" ? { construct: peer.construct } : {}),
      })),
    );
  }

  private classesOf(peer: PolicyPeer): Bitset {
    switch (peer.type) {
      case "selector":
        return this.classes.selectedBy(peer.selector);
      case "fqdn":
        return this.classes.namedBy(peer.fqdn);
      case "unknown": {
        const among = emptySet(this.classes.size);
        for (const selector of peer.among) addAll(among, this.classes.selectedBy(selector));
        return among;
      }
    }
  }
}

const boundRule = (rule: PolicyRule, peers: readonly BoundPeer[]): BoundRule => {
  const union = (some: readonly BoundPeer[]): Bitset => {
    const [first, ...rest] = some;
    if (first && rest.length === 0) return first.classes;
    const all = (peers[0]?.classes ?? new Uint32Array(0)).slice().fill(0);
    for (const { classes } of some) addAll(all, classes);
    return all;
  };
  const unknown = peers.filter(({ construct }) => construct !== undefined);
  return {
    rule,
    peers,
    certain: union(peers.filter(({ construct }) => construct === undefined)),
    possible: unknown.length === 0 ? undefined : union(unknown),
  };
};

/** Keeps of the peers what fulfils the requirements of the subject's other rules. */
const narrow = (bound: BoundRule, required: Bitset | undefined): BoundRule => {
  if (!required || !bound.rule.narrowable) return bound;
  return boundRule(
    bound.rule,
    bound.peers.map((peer) => {
      const classes = peer.classes.slice();
      retainAll(classes, required);
      return { ...peer, classes };
    }),
  );
};

/** Keeps of the names that a rule selects those that Cilium sees. */
const onlySeen = (bound: BoundRule, seen: Bitset): BoundRule => {
  if (!bound.rule.peers.some(({ type }) => type === "fqdn")) return bound;
  return boundRule(
    bound.rule,
    bound.peers.map((peer, at) => {
      if (bound.rule.peers[at]?.type !== "fqdn") return peer;
      const classes = peer.classes.slice();
      retainAll(classes, seen);
      return { ...peer, classes };
    }),
  );
};

/** Names with several numbers for a protocol stand for none. */
const uniquePorts = (identities: readonly Identity[]): PortNames => {
  const numbers = new Map<string, number | undefined>();
  for (const { name, port, protocol = "TCP" } of identities.flatMap(namedPortsOf)) {
    const key = `${name}/${protocol}`;
    numbers.set(key, numbers.has(key) && numbers.get(key) !== port ? undefined : port);
  }
  return (name, protocol) => numbers.get(`${name}/${protocol}`);
};
