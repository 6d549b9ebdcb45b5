/** Compares what is open today with what stays open when our policies are laid over those of the GitOps side. */

import type { GitopsFacts, GitopsNeed } from "../../environments/recorded/gitops-facts.ts";
import type { HttpUrl } from "../../lib/core/values/http-url.ts";
import { platformPods } from "../../lib/network/platform-pods.ts";
import { has } from "../../lib/proofs/evaluator/bitset.ts";
import type { Identity } from "../../lib/proofs/evaluator/identities.ts";
import type { ReachabilityMatrix } from "../../lib/proofs/evaluator/matrix.ts";
import { displayPolicy, type PolicyRef } from "../../lib/proofs/evaluator/model.ts";
import { PolicySet } from "../../lib/proofs/evaluator/policy-set.ts";
import type { RuleMatch, Verdict } from "../../lib/proofs/evaluator/verdict.ts";
import type { Direction } from "../../lib/proofs/evaluator/wire.ts";
import { DeclaredFlows } from "../../lib/proofs/network/declared.ts";
import { forbiddenFlows } from "../../lib/proofs/network/forbidden-flows.ts";
import { inventory } from "../../lib/proofs/network/inventory.ts";
import { closedNeeds, type Neighbours, withNeighbours } from "../../lib/proofs/network/neighbours.ts";
import { representativePorts } from "../../lib/proofs/network/ports.ts";

export interface Sides {
  readonly theirs: Neighbours;
  /** Policies of our stacks, default deny among them. */
  readonly ours: readonly unknown[];
  readonly ciliumVersion: string;
  /** URLs of the servers that the platform talks to. */
  readonly repository: HttpUrl;
  readonly backupEndpoint: HttpUrl | undefined;
}

/** Flows that are open today, and that an object of theirs says are needed: each `from` to each `to` on each port. */
export interface LostNeed {
  readonly app: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** E.g. `443/TCP`. */
  readonly ports: readonly string[];
  /** The object that says so, e.g. `Ingress tools/homepage`. */
  readonly why: string;
}

/** More stretches of ports than a person would name are those of a rule without ports. */
export const isEveryPort = (ports: readonly string[]): boolean => ports.length > 12;

/** An access that is open today, and that nobody says an app needs. */
export interface LostAccess {
  readonly app: string;
  readonly namespaces: readonly string[];
  readonly to: readonly string[];
  readonly from: readonly string[];
}

/** Flows that a rule of the GitOps side opens, and that we call closed. */
export interface LeftOpen {
  /** As in the proofs, e.g. `app → API server`. */
  readonly kind: string;
  /** Policy and rule that open them. */
  readonly by: string;
  readonly policy: string;
  readonly flows: readonly string[];
}

export interface Coexistence {
  readonly lostNeeds: readonly LostNeed[];
  readonly lostAccess: readonly LostAccess[];
  /** Apps whose pods nobody knows, and that our deny would be new for. */
  readonly unknown: GitopsFacts["unread"];
  readonly leftOpen: readonly LeftOpen[];
  /** Apps that lose nothing. */
  readonly unaffected: readonly string[];
}

/** Decides everything between the pods of the GitOps side, the platform, and the ends that are no pods. */
export const compare = (sides: Sides): Coexistence => new Comparison(sides).result();

class Comparison {
  private readonly identities: readonly Identity[];
  private readonly appOf: ReadonlyMap<string, string>;
  private readonly ports;
  private readonly sets;
  private readonly matrices;
  private readonly ownPolicies: ReadonlySet<string>;

  constructor(private readonly sides: Sides) {
    const { theirs, ours, ciliumVersion } = sides;
    this.identities = identitiesOf(sides);
    this.appOf = new Map([
      ...theirs.unread.map(({ app, namespace }) => [`${namespace}/${app}`, app] as const),
      ...theirs.pods.map(({ id, app }) => [id, app] as const),
    ]);
    const settings = { ciliumVersion, resolvers: [platformPods.coredns.id] };
    const [today, after, own] = [theirs.policies, [...theirs.policies, ...ours], ours].map((policies) =>
      PolicySet.compile(policies, settings),
    ) as [PolicySet, PolicySet, PolicySet];
    this.ports = representativePorts(
      after.specs,
      theirs.needs.map(({ protocol, port }) => ({ protocol, start: port, end: port })),
    );
    this.ownPolicies = new Set(own.specs.map(({ policy }) => displayPolicy(policy)));
    this.sets = {
      today: today.over(this.identities),
      after: after.over(this.identities),
      own: own.over(this.identities),
    };
    this.matrices = {
      today: this.sets.today.matrix(this.ports),
      after: this.sets.after.matrix(this.ports),
      own: this.sets.own.matrix(this.ports),
    };
  }

  result(): Coexistence {
    const lostNeeds = this.lostNeeds();
    const access = this.lostAccess();
    const unread = new Set(this.sides.theirs.unread.map(({ app }) => app));
    const affected = new Set([...lostNeeds, ...access].map(({ app }) => app));
    return {
      lostNeeds,
      lostAccess: access.filter(({ app }) => !unread.has(app)),
      unknown: this.sides.theirs.unread.filter(({ app }) => affected.has(app)),
      leftOpen: this.leftOpen(),
      unaffected: [...new Set(this.appOf.values())].filter((app) => !affected.has(app)).sort(),
    };
  }

  private decision(when: "today" | "after" | "own", from: Identity, to: Identity, port: number) {
    return this.matrices[when].decision(from.id, to.id, port);
  }

  /** Needs that objects state, and flows that a rule of theirs names, which end with us. */
  private lostNeeds(): LostNeed[] {
    const stated = closedNeeds(this.sides.theirs.needs, this.sets.after, () => this.sets.today);
    return [...this.grouped(stated), ...this.grouped(ofNarrowRules(this.lostByRules()))];
  }

  /** Needs of one app with one reason, together. */
  private grouped(needs: readonly GitopsNeed[]): LostNeed[] {
    const groups = new Map<
      string,
      Record<"from" | "to" | "ports", Set<string>> & { app: string; why: string }
    >();
    for (const { from, to, port, protocol, why } of needs) {
      const app = this.appOf.get(to) ?? this.appOf.get(from) ?? from;
      const key = `${app} ${why}`;
      const group = groups.get(key) ?? { app, why, from: new Set(), to: new Set(), ports: new Set() };
      groups.set(key, group);
      group.from.add(from);
      group.to.add(to);
      group.ports.add(`${port}/${protocol}`);
    }
    return [...groups.values()].map(({ from, to, ports, ...group }) => ({
      ...group,
      from: [...from],
      to: [...to],
      ports: [...ports],
    }));
  }

  private lostByRules(): GitopsNeed[] {
    const unread = new Set(this.sides.theirs.unread.map(({ app, namespace }) => `${namespace}/${app}`));
    const pods = this.identities.filter(({ kind, id }) => kind === "pod" && !unread.has(id));
    const reasons = new Map<string, string | undefined>();
    const reason = (from: Identity, to: Identity, at: number, flow: Omit<GitopsNeed, "why">) => {
      const key = `${this.classOf(from)} ${this.classOf(to)} ${at}`;
      if (!reasons.has(key)) reasons.set(key, namingRule(this.sets.today.evaluate(flow)));
      return reasons.get(key);
    };
    return pods.flatMap((from) =>
      pods
        .filter((to) => to !== from && (this.appOf.has(from.id) || this.appOf.has(to.id)))
        .flatMap((to) =>
          this.ports.flatMap(({ protocol, port }, at): GitopsNeed[] => {
            if ((protocol !== "TCP" && protocol !== "UDP") || !this.isLost(from, to, at)) return [];
            const flow = { from: from.id, to: to.id, protocol, port };
            const why = reason(from, to, at, flow);
            return why === undefined ? [] : [{ ...flow, why }];
          }),
        ),
    );
  }

  private classOf({ id }: Identity): number {
    return this.matrices.after.classOf(id);
  }

  private isLost(from: Identity, to: Identity, port: number): boolean {
    return (
      this.decision("today", from, to, port) === "allowed" &&
      this.decision("after", from, to, port) !== "allowed"
    );
  }

  private lostAccess(): LostAccess[] {
    const lost = new Map<string, { to: Set<string>; from: Set<string>; namespaces: Set<string> }>();
    const add = (subject: Identity, peer: Identity, side: "to" | "from") => {
      const app = this.appOf.get(subject.id);
      if (app === undefined || subject.kind !== "pod") return;
      const entry = lost.get(app) ?? { to: new Set(), from: new Set(), namespaces: new Set() };
      lost.set(app, entry);
      const name = this.peerName(peer);
      if (name === undefined || name === app) return;
      entry.namespaces.add(subject.namespace);
      entry[side].add(name);
    };
    for (const from of this.identities)
      for (const to of this.identities) {
        if (from === to) continue;
        const ports = this.ports.flatMap((_, at) => (this.isLost(from, to, at) ? [at] : []));
        if (ports.some((at) => isClosed(this.matrices.after, "egress", from, to, at))) add(from, to, "to");
        if (ports.some((at) => isClosed(this.matrices.after, "ingress", to, from, at))) add(to, from, "from");
      }
    return [...lost]
      .filter(([, { to, from }]) => to.size + from.size > 0)
      .map(([app, { to, from, namespaces }]) => ({
        app,
        namespaces: [...namespaces],
        to: [...to],
        from: [...from],
      }));
  }

  /** The peer that is lost, in an operator's words; undefined for one that says nothing new. */
  private peerName({ id, kind }: Identity): string | undefined {
    if (kind === "world") return "the internet";
    if (kind === "remote-node" || kind === "host") return "nodes";
    if (kind === "kube-apiserver") return "the Kubernetes API";
    return kind === "pod" ? (this.appOf.get(id) ?? id) : undefined;
  }

  private leftOpen(): LeftOpen[] {
    const pods = this.identities.filter((identity) => identity.kind === "pod");
    const apps = pods.filter(({ id }) => this.appOf.has(id) && !PLATFORM.has(id));
    const kinds = forbiddenFlows({ identities: this.identities, pods, apps }, new DeclaredFlows([], []));
    const open = kinds.flatMap(({ name, from: sources, to: destinations, excepts }) =>
      sources.flatMap((from) =>
        destinations.flatMap((to) => {
          if (from === to || this.isOneApp(from, to)) return [];
          const port = this.ports.find(
            (each, at) =>
              !excepts(from, to, each) &&
              this.decision("after", from, to, at) === "allowed" &&
              this.decision("own", from, to, at) === "denied",
          );
          if (!port) return [];
          const rules = this.theirRules(this.sets.after.evaluate({ from: from.id, to: to.id, ...port }));
          const text = `${from.id} → ${to.id} ${port.port === 1 ? "any port" : `${port.port}/${port.protocol}`}`;
          return [{ kind: name, text, rules }];
        }),
      ),
    );
    return this.byWidestRule(open);
  }

  private isOneApp(from: Identity, to: Identity): boolean {
    const app = this.appOf.get(from.id);
    return app !== undefined && app === this.appOf.get(to.id);
  }

  /** Each flow under that rule of its two which opens the most. */
  private byWidestRule(
    open: readonly { readonly kind: string; readonly text: string; readonly rules: readonly RuleMatch[] }[],
  ): LeftOpen[] {
    const keyOf = (kind: string, { policy, path }: RuleMatch) => `${kind}\n${displayPolicy(policy)} ${path}`;
    const counts = new Map<string, number>();
    for (const { kind, rules } of open)
      for (const rule of rules) counts.set(keyOf(kind, rule), (counts.get(keyOf(kind, rule)) ?? 0) + 1);
    const width = (kind: string, rule: RuleMatch) => counts.get(keyOf(kind, rule)) ?? 0;
    const groups = new Map<string, LeftOpen & { flows: string[] }>();
    for (const { kind, text, rules } of open) {
      const [widest] = rules.toSorted((a, b) => width(kind, b) - width(kind, a));
      if (!widest) continue;
      const { policy, path } = widest;
      const group = groups.get(keyOf(kind, widest)) ?? {
        kind,
        by: `${displayPolicy(policy)} ${path}`,
        policy: displayPolicy(policy),
        flows: [],
      };
      groups.set(keyOf(kind, widest), group);
      group.flows.push(text);
    }
    return [...groups.values()].sort((a, b) => b.flows.length - a.flows.length);
  }

  private theirRules(verdict: Verdict): RuleMatch[] {
    return allowing(verdict).filter(({ policy }) => this.isTheirs(policy));
  }

  private isTheirs(policy: PolicyRef): boolean {
    return !this.ownPolicies.has(displayPolicy(policy));
  }
}

const isClosed = (
  matrix: ReachabilityMatrix,
  direction: Direction,
  subject: Identity,
  peer: Identity,
  port: number,
): boolean => {
  const open = matrix.halfOpen(direction, matrix.classOf(subject.id), port);
  return open !== undefined && !has(open, matrix.classOf(peer.id));
};

const allowing = ({ egress, ingress }: Verdict): RuleMatch[] =>
  [egress, ingress].flatMap(({ reason }) => (reason.kind === "allow-rule" ? [reason.rule] : []));

const namingRule = (verdict: Verdict): string | undefined =>
  allowing(verdict).map(({ policy, path }) => `${displayPolicy(policy)} ${path}`)[0];

/** The most pods on a side of a rule that names somebody: one that lets everybody through says nothing of a need. */
const NAMED = 4;

const ofNarrowRules = (needs: readonly GitopsNeed[]): GitopsNeed[] => {
  const ends = new Map<string, Record<"from" | "to", Set<string>>>();
  for (const { why, from, to } of needs) {
    const rule = ends.get(why) ?? { from: new Set(), to: new Set() };
    ends.set(why, rule);
    rule.from.add(from);
    rule.to.add(to);
  }
  const isNarrow = ({ why }: GitopsNeed) => {
    const { from, to } = ends.get(why) ?? { from: new Set(), to: new Set() };
    return from.size <= NAMED && to.size <= NAMED;
  };
  return needs.filter(isNarrow);
};

const PLATFORM = new Set<string>(Object.values(platformPods).map(({ id }) => id));

const identitiesOf = ({ theirs, repository, backupEndpoint }: Sides): Identity[] =>
  withNeighbours(inventory({ repository, backupEndpoint, apps: [] }).identities, theirs);
