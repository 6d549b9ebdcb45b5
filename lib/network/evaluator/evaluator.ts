/**
 * Decides flows as Cilium's policy engine does (`pkg/policy`).
 *
 * For each endpoint and direction a deny that matches wins; else an allow that matches; else the flow is denied exactly
 * when some spec that selects the endpoint turns default deny on. A flow between two endpoints needs both sides.
 * The endpoint's own node is always let in unless a deny says otherwise; `init` endpoints are always in default deny.
 *
 * An endpoint with a label of the key `host` is left out of enforcement while the host firewall is off, and one
 * with the key `init` is treated as an init endpoint, whatever the label's source: the engine compares only the
 * key (`computePolicyEnforcementAndRules`).
 */
import { add, addAll, type Bitset, emptySet, forEachMember, fullSet, retainAll } from "./bitset.ts";
import { IdentityClasses } from "./classes.ts";
import { type BoundPeer, type BoundRule, EndpointPolicy, type Port } from "./endpoint-policy.ts";
import { type Identity, isEndpoint, labelsOf, namedPortsOf } from "./identities.ts";
import { ReachabilityMatrix } from "./matrix.ts";
import type { Peer, PolicySettings, PolicySpec, Rule } from "./model.ts";
import type { PortNames } from "./ports.ts";
import { type Requirement, Selector } from "./selector.ts";
import { combine, type Side, type SpecRef, type Verdict } from "./verdict.ts";
import type { Direction } from "./wire.ts";

export interface Flow extends Port {
  /** Ids of identities. A flow from an identity to itself is one between two replicas. */
  readonly from: string;
  readonly to: string;
}

const NOT_EVALUATED: Side = { decision: "not-evaluated", reason: { kind: "no-endpoint" } };

const refOf = ({ policy, path }: PolicySpec): SpecRef => ({ policy, path });

export class Evaluator {
  private bound: Binding | undefined;

  /** Does nothing yet: the index is built with the first question. */
  constructor(
    readonly specs: readonly PolicySpec[],
    readonly identities: readonly Identity[],
    readonly settings: PolicySettings,
  ) {}

  /**
   * Decides one flow, with the reason of each side. For ICMP the port is the type of the message.
   * Throws when an id is unknown or both ends are without policy.
   */
  evaluate({ from, to, protocol, port }: Flow): Verdict {
    const binding = this.binding;
    const [source, destination] = [binding.classes.classOf(from), binding.classes.classOf(to)];
    const side = (subject: number, peer: number, direction: Direction): Side =>
      binding
        .policy(subject, direction)
        ?.side(peer, { protocol, port }, binding.portNames(subject, direction)) ?? NOT_EVALUATED;
    return combine(side(source, destination, "egress"), side(destination, source, "ingress"));
  }

  /** Decides every flow between the identities on these ports. */
  matrix(ports: readonly Port[]): ReachabilityMatrix {
    return new ReachabilityMatrix(this.binding, ports);
  }

  private get binding(): Binding {
    this.bound ??= new Binding(this.specs, this.identities, this.settings);
    return this.bound;
  }
}

/** Policies brought together with the classes of the identities. */
export class Binding {
  readonly classes: IdentityClasses;
  private readonly specsByClass: number[][];
  private readonly rules: (readonly BoundRule[])[] = [];
  private readonly policies = new Map<string, EndpointPolicy>();
  private readonly policyOf: (EndpointPolicy | undefined)[] = [];
  private readonly hosts: Bitset;
  private readonly clusterPorts: PortNames;

  constructor(
    private readonly specs: readonly PolicySpec[],
    identities: readonly Identity[],
    private readonly settings: PolicySettings,
  ) {
    this.classes = new IdentityClasses(specs, identities, settings);
    const { representatives, size } = this.classes;
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
    const identity = this.classes.representatives[number];
    if (!identity || !isEndpoint(identity, this.settings)) return undefined;
    const labels = labelsOf(identity, this.settings);
    const exempt = !this.settings.hostFirewall && labels.some(({ key }) => key === "host");
    const init = labels.some(({ key }) => key === "init");
    const isHost = identity.kind === "host";
    const specs = exempt
      ? []
      : (this.specsByClass[number] ?? []).filter((at) => this.specs[at]?.enforces[direction]);
    const key = `${direction} ${exempt} ${init} ${isHost} ${specs.join(",")}`;
    const policy = this.policies.get(key) ?? this.build(specs, direction, { exempt, init, isHost });
    this.policies.set(key, policy);
    this.policyOf[slot] = policy;
    return policy;
  }

  /** Which numbers names stand for: of the endpoint itself on ingress, of any pod on egress. */
  portNames(number: number, direction: Direction): PortNames {
    if (direction === "egress") return this.clusterPorts;
    const identity = this.classes.representatives[number];
    return identity ? uniquePorts([identity]) : () => undefined;
  }

  private build(
    at: readonly number[],
    direction: Direction,
    { exempt, init, isHost }: { exempt: boolean; init: boolean; isHost: boolean },
  ): EndpointPolicy {
    const specs = at.flatMap((index) => this.specs[index] ?? []);
    const denying = specs.filter((spec) => spec.defaultDeny[direction]);
    const required = {
      allow: this.required(specs.flatMap((spec) => spec.requirements.allow[direction])),
      deny: this.required(specs.flatMap((spec) => spec.requirements.deny[direction])),
    };
    const rules = at
      .flatMap((index) => this.rulesOf(index))
      .filter(({ rule }) => rule.direction === direction)
      .map((bound) => narrow(bound, bound.rule.deny ? required.deny : required.allow));
    return new EndpointPolicy(this.classes.size, rules, {
      specs: specs.map(refOf),
      defaultDenySpecs: denying.map(refOf),
      enforced: !exempt && (init || specs.length > 0),
      defaultDeny: init || denying.length > 0,
      localHost: direction === "ingress" && !isHost ? this.hosts : undefined,
    });
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

  private rulesOf(index: number): readonly BoundRule[] {
    let rules = this.rules[index];
    if (!rules) {
      rules = this.specs[index]?.rules.map((rule) => this.bind(rule)) ?? [];
      this.rules[index] = rules;
    }
    return rules;
  }

  private bind(rule: Rule): BoundRule {
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

  private classesOf(peer: Peer): Bitset {
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

const boundRule = (rule: Rule, peers: readonly BoundPeer[]): BoundRule => {
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

/** Names with several numbers for a protocol stand for none. */
const uniquePorts = (identities: readonly Identity[]): PortNames => {
  const numbers = new Map<string, number | undefined>();
  for (const { name, port, protocol = "TCP" } of identities.flatMap(namedPortsOf)) {
    const key = `${name}/${protocol}`;
    numbers.set(key, numbers.has(key) && numbers.get(key) !== port ? undefined : port);
  }
  return (name, protocol) => numbers.get(`${name}/${protocol}`);
};
