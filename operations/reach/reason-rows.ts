/** The reasons of every pair of classes, row by row: equal rows are computed and kept once. */
import { Binding } from "../../lib/proofs/evaluator/binding.ts";
import { forEachMember, fullSet, removeAll } from "../../lib/proofs/evaluator/bitset.ts";
import type { EndpointPolicy, PolicyPort, SideSets } from "../../lib/proofs/evaluator/endpoint-policy.ts";
import type { Identity } from "../../lib/proofs/evaluator/identities.ts";
import type { PolicySet } from "../../lib/proofs/evaluator/policy-set.ts";
import type { PortNames } from "../../lib/proofs/evaluator/ports.ts";
import type { Side } from "../../lib/proofs/evaluator/verdict.ts";
import type { Direction } from "../../lib/proofs/evaluator/wire.ts";
import type { Reasons } from "./reasons.ts";

/** A reason as `[decision, text, why]`: `a`llowed, `d`enied, `u`nknown, or `n`o policy on this side. */
export type PackedReason = readonly [decision: string, text: string, why: string];

const LETTERS: Readonly<Record<Side["decision"], string>> = {
  allowed: "a",
  denied: "d",
  unknown: "u",
  "not-evaluated": "n",
};

const NO_ENDPOINT: Side = { decision: "not-evaluated", reason: { kind: "no-endpoint" } };

export class ReasonRows {
  private readonly binding: Binding;
  private readonly packed = new Numbered<PackedReason>();
  private readonly packedRows = new Numbered<readonly number[]>();
  /** Rows by the decisions that they are about: the ports that no rule of a policy names have the same. */
  private readonly rowsBySets = new Map<SideSets, number>();
  /** True when deny rules exist, so that a peer can be denied for another reason than that nothing allows it. */
  private readonly hasDenyRules: boolean;

  constructor(
    set: PolicySet,
    identities: readonly Identity[],
    private readonly explain: Reasons,
  ) {
    this.binding = new Binding(set.specs, identities, set.settings);
    this.hasDenyRules = set.specs.some(({ rules }) => rules.some(({ deny }) => deny));
  }

  get reasons(): readonly PackedReason[] {
    return this.packed.all;
  }

  /** Each row as pairs of a reason and how often it repeats. */
  get rows(): readonly (readonly number[])[] {
    return this.packedRows.all;
  }

  classOf(id: string): number {
    return this.binding.classes.classOf(id);
  }

  /** The rows of all classes on a port. */
  on(port: PolicyPort): { readonly egress: readonly number[]; readonly ingress: readonly number[] } {
    const shared = new Map<EndpointPolicy, number>();
    const all = (direction: Direction): readonly number[] =>
      this.binding.classes.representatives.map((_, subject) => this.row(subject, direction, port, shared));
    return { egress: all("egress"), ingress: all("ingress") };
  }

  private row(
    subject: number,
    direction: Direction,
    port: PolicyPort,
    shared: Map<EndpointPolicy, number>,
  ): number {
    const { size } = this.binding.classes;
    const policy = this.binding.policy(subject, direction);
    if (!policy) return this.packedRows.of([this.number(NO_ENDPOINT), size]);
    const known = shared.get(policy);
    if (known !== undefined) return known;
    const names = this.binding.portNames(subject, direction);
    const sets = policy.sets(port, names);
    const row = this.rowsBySets.get(sets) ?? this.decided(policy, sets, port, names);
    this.rowsBySets.set(sets, row);
    if (direction === "egress" || !policy.usesPortNames) shared.set(policy, row);
    return row;
  }

  /** Most denials have the one reason that nothing allows them: only the others are asked one by one. */
  private decided(policy: EndpointPolicy, { denied }: SideSets, port: PolicyPort, names: PortNames): number {
    const { size } = this.binding.classes;
    const row = new Runs();
    let nothingAllows: number | undefined;
    const ask = (peer: number): number => this.number(policy.side(peer, port, names));
    const others = fullSet(size);
    if (!this.hasDenyRules) removeAll(others, denied);
    const upTo = (end: number): void => {
      if (row.length === end) return;
      nothingAllows ??= ask(row.length);
      row.add(nothingAllows, end - row.length);
    };
    forEachMember(others, (peer) => {
      upTo(peer);
      row.add(ask(peer), 1);
    });
    upTo(size);
    return this.packedRows.of(row.packed);
  }

  private number(side: Side): number {
    const { decision, text, why = "" } = this.explain.explain(side);
    return this.packed.of([LETTERS[decision], text, why]);
  }
}

/** Values with a number each, in the order in which they came. */
export class Numbered<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(value: T): number {
    const key = JSON.stringify(value);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}

/** `5, 5, 5, 2` → `5, 3, 2, 1`. */
class Runs {
  readonly packed: number[] = [];
  length = 0;

  add(value: number, count: number): void {
    this.length += count;
    if (this.packed.at(-2) === value) this.packed[this.packed.length - 1] = (this.packed.at(-1) ?? 0) + count;
    else this.packed.push(value, count);
  }
}
