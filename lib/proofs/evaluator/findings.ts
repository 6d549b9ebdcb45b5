/** Finds faults in a set of policies without asking for a flow. */

import { someOf } from "../../core/lists.ts";
import { Binding } from "./binding.ts";
import { addAll, type Bitset, emptySet, fullSet, isEmpty, removeAll } from "./bitset.ts";
import type { BoundRule } from "./endpoint-policy.ts";
import type { Identity } from "./identities.ts";
import { displayPolicy, type PolicyRef, type PolicySpec } from "./model.ts";
import type { PolicySet } from "./policy-set.ts";
import type { Direction } from "./wire.ts";

export type FindingKind =
  /** The agent refuses the object, so that it has no effect. */
  | "rejected"
  /** The policy is made to deny, by its name or its form, but denies nothing. */
  | "denies-nothing"
  /** A spec turns a direction of some endpoints to default deny, and neither it nor another policy says so. */
  | "silent-default-deny"
  /** A selector selects none of the identities. */
  | "selects-nothing"
  /** A clusterwide subject selects reserved endpoints, because they lack the label that it excludes. */
  | "selects-reserved"
  /** `toServices` without a match covers every peer on the rule's ports. */
  | "unresolved-service";

export interface PolicyFinding {
  readonly kind: FindingKind;
  readonly policy: PolicyRef;
  /** Path in the object, e.g. `spec.egress[0].toEndpoints[1]`. */
  readonly path: string;
  /** The fault and its cure, in one sentence or two. */
  readonly message: string;
}

const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

const list = (ids: readonly string[]): string => someOf(ids, 3);

/** Selects no peer by its form: an empty rule, an empty list or the entity `none`. */
const selectsNoPeer = ({ rule }: BoundRule): boolean =>
  rule.peers.every(({ type, text }) => type === "selector" && text === "none");

class Linter {
  private readonly binding: Binding;
  private readonly subjects: readonly Bitset[];

  constructor(
    private readonly specs: readonly PolicySpec[],
    private readonly identities: readonly Identity[],
    settings: PolicySet["settings"],
  ) {
    this.binding = new Binding(specs, identities, settings);
    this.subjects = specs.map((_, index) => this.binding.subjectsOf(index));
  }

  findings(): PolicyFinding[] {
    return [
      ...this.denyingNothing(),
      ...this.specs.flatMap((spec, index) => [
        ...this.silentDefaultDeny(spec, index),
        ...this.selectingNothing(spec, index),
        ...this.selectingReserved(spec, index),
        ...this.unresolvedServices(spec),
      ]),
    ];
  }

  private get everybody(): Bitset {
    return fullSet(this.binding.classes.size);
  }

  private subjectsOf(index: number): Bitset {
    return this.subjects[index] ?? emptySet(this.binding.classes.size);
  }

  private rulesOf(index: number, direction: Direction): readonly BoundRule[] {
    return this.binding.rulesOf(index).filter(({ rule }) => rule.direction === direction);
  }

  private denyingNothing(): PolicyFinding[] {
    const byPolicy = new Map<PolicyRef, number[]>();
    this.specs.forEach(({ policy }, index) => {
      byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), index]);
    });
    return [...byPolicy].flatMap(([policy, indexes]): PolicyFinding[] => {
      const reason = this.saysDeny(policy, indexes);
      if (reason === undefined || indexes.some((index) => this.denies(index))) return [];
      return [
        {
          kind: "denies-nothing",
          policy,
          path: "spec",
          message: `${reason}, but it denies nothing: ${this.whyNot(indexes)}`,
        },
      ];
    });
  }

  /** The reason why one takes the policy for one that denies; undefined when nobody would. */
  private saysDeny({ name }: PolicyRef, indexes: readonly number[]): string | undefined {
    if (/deny|block|isolat|lockdown/i.test(name)) return "its name says that it denies";
    const rules = indexes.flatMap((index) => this.binding.rulesOf(index));
    const empty = rules.find((bound) => !bound.rule.deny && selectsNoPeer(bound));
    if (empty) return `${empty.rule.path} allows nobody, as in a default deny`;
    const deny = rules.find(({ rule }) => rule.deny);
    return deny && `it has the deny rule ${deny.rule.path}`;
  }

  private denies(index: number): boolean {
    if (isEmpty(this.subjectsOf(index))) return false;
    return DIRECTIONS.some((direction) => {
      const rules = this.rulesOf(index, direction);
      return this.deniesByDefault(index, direction) || rules.some((bound) => this.deniesSomebody(bound));
    });
  }

  private deniesSomebody({ rule, certain, possible }: BoundRule): boolean {
    const coversPorts = rule.ports === undefined || rule.ports.length > 0;
    return rule.deny && coversPorts && !(isEmpty(certain) && possible === undefined);
  }

  /** True when the spec turns default deny on and does not itself allow everybody. */
  private deniesByDefault(index: number, direction: Direction): boolean {
    const spec = this.specs[index];
    if (!spec?.enforces[direction] || !spec.defaultDeny[direction]) return false;
    const allowed = emptySet(this.binding.classes.size);
    for (const { rule, certain } of this.rulesOf(index, direction)) {
      if (!rule.deny && rule.ports === undefined) addAll(allowed, certain);
    }
    return this.everybody.some((word, at) => word !== allowed[at]);
  }

  private whyNot(indexes: readonly number[]): string {
    if (indexes.every((index) => isEmpty(this.subjectsOf(index)))) return "it selects none of the endpoints";
    const off = DIRECTIONS.filter((direction) =>
      indexes.some((index) => this.specs[index]?.declaredDefaultDeny[direction] === false),
    );
    if (off.length > 0) {
      return `${off.map((direction) => `enableDefaultDeny.${direction}`).join(" and ")} is false, and no deny rule meets a peer`;
    }
    return "what it allows covers every peer, or its deny rules meet none";
  }

  /**
   * True when the spec turns default deny on and says so: by enableDefaultDeny, by a rule that allows nobody, or as a
   * NetworkPolicy, which always does.
   */
  private declaresDefaultDeny(spec: PolicySpec, index: number, direction: Direction): boolean {
    if (!spec.enforces[direction] || !spec.defaultDeny[direction]) return false;
    if (spec.policy.kind === "NetworkPolicy" || spec.declaredDefaultDeny[direction]) return true;
    return this.rulesOf(index, direction).some((bound) => !bound.rule.deny && selectsNoPeer(bound));
  }

  private silentDefaultDeny(spec: PolicySpec, index: number): PolicyFinding[] {
    return DIRECTIONS.flatMap((direction): PolicyFinding[] => {
      const silent = spec.enforces[direction] && spec.defaultDeny[direction];
      if (!silent || this.declaresDefaultDeny(spec, index, direction)) return [];
      const flipped = this.subjectsOf(index).slice();
      this.specs.forEach((other, at) => {
        if (this.declaresDefaultDeny(other, at, direction)) removeAll(flipped, this.subjectsOf(at));
      });
      if (isEmpty(flipped)) return [];
      const onlyDenies = this.rulesOf(index, direction).every(({ rule }) => rule.deny);
      const endpoints = list(this.binding.classes.membersOf(flipped));
      const although = onlyDenies ? ", although it only has deny rules" : "";
      const field = `enableDefaultDeny.${direction}`;
      return [
        {
          kind: "silent-default-deny",
          policy: spec.policy,
          path: `${spec.path}.${field}`,
          message: `it turns ${direction} of ${endpoints} to default deny${although}, and no policy says so. Set ${field} to ${
            onlyDenies ? "false" : "true when this is meant, else to false"
          }`,
        },
      ];
    });
  }

  private selectingNothing(spec: PolicySpec, index: number): PolicyFinding[] {
    const { policy, path, subject } = spec;
    const field =
      policy.kind === "NetworkPolicy"
        ? "podSelector"
        : spec.selectsNodes
          ? "nodeSelector"
          : "endpointSelector";
    const nobody: PolicyFinding[] = isEmpty(this.subjectsOf(index))
      ? [
          {
            kind: "selects-nothing",
            policy,
            path: `${path}.${field}`,
            message: `${subject} selects none of the ${spec.selectsNodes ? "hosts under a host policy" : "endpoints"}`,
          },
        ]
      : [];
    const peers = spec.rules
      .flatMap((rule) => rule.peers)
      .filter((peer) => peer.type === "selector" && (peer.origin === "labels" || peer.origin === "service"))
      .filter((peer) => peer.type === "selector" && isEmpty(this.binding.classes.selectedBy(peer.selector)));
    return [
      ...nobody,
      ...peers.map(
        (peer): PolicyFinding => ({
          kind: "selects-nothing",
          policy,
          path: peer.path,
          message: `${peer.text} selects none of the identities`,
        }),
      ),
    ];
  }

  private selectingReserved(spec: PolicySpec, index: number): PolicyFinding[] {
    const { policy, path, subject } = spec;
    const negative = subject.requirements.some(
      ({ operator }) => operator === "NotIn" || operator === "DoesNotExist",
    );
    if (policy.namespace !== undefined || spec.selectsNodes || !negative) return [];
    if (subject.hasKeyPrefix("reserved.")) return [];
    const subjects = new Set(this.binding.classes.membersOf(this.subjectsOf(index)));
    const reserved = this.identities.filter(({ id, kind }) => kind !== "pod" && subjects.has(id));
    if (reserved.length === 0) return [];
    return [
      {
        kind: "selects-reserved",
        policy,
        path: `${path}.endpointSelector`,
        message: `${subject} also selects the endpoints ${list(reserved.map(({ id }) => id))}, which lack the labels that it excludes. Add "k8s:io.kubernetes.pod.namespace" Exists to leave them out`,
      },
    ];
  }

  private unresolvedServices({ policy, rules }: PolicySpec): PolicyFinding[] {
    return rules
      .flatMap((rule) => rule.peers)
      .filter((peer) => peer.type === "selector" && peer.origin === "service" && peer.selector.isWildcard)
      .map((peer) => ({
        kind: "unresolved-service",
        policy,
        path: peer.path,
        message: `${peer.text}: the rule then covers every peer on its ports`,
      }));
  }
}

/**
 * Looks for policies that do not do what they seem to. Selectors are judged by the identities given, so these must be
 * all that there are.
 */
export const lint = (policies: PolicySet, identities: readonly Identity[]): readonly PolicyFinding[] => [
  ...policies.rejected.map(
    ({ policy, error }): PolicyFinding => ({
      kind: "rejected",
      policy,
      path: "spec",
      message: `the agent refuses it, so that it has no effect: ${error}`,
    }),
  ),
  ...new Linter(policies.specs, identities, policies.settings).findings(),
];

/** One line for people. */
export const displayFinding = ({ kind, policy, path, message }: PolicyFinding): string =>
  `${kind}: ${displayPolicy(policy)} ${path}: ${message}`;
