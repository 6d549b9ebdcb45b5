/** Matrix of who reaches whom on which ports, decided between classes of identities. */
import { createHash } from "node:crypto";
import type { Binding } from "./binding.ts";
import {
  add,
  addAll,
  type Bitset,
  emptySet,
  forEachMember,
  fullSet,
  has,
  remove,
  removeAll,
  retainAll,
} from "./bitset.ts";
import type { EndpointPolicy, PolicyPort, SideSets } from "./endpoint-policy.ts";
import type { Decision } from "./verdict.ts";
import type { Direction } from "./wire.ts";

/** Decisions for every pair of identities and each of some ports. */
export class ReachabilityMatrix {
  private readonly egress: (SideSets | undefined)[][];
  private readonly ingress: (SideSets | undefined)[][];
  /** The classes that a class never reaches, and those that never reach it; undefined where it has no policy. */
  private readonly never: Readonly<Record<Direction, readonly (Bitset | undefined)[]>>;

  constructor(
    private readonly binding: Binding,
    readonly ports: readonly PolicyPort[],
  ) {
    this.egress = ports.map((port) => this.sides("egress", port));
    this.ingress = ports.map((port) => this.sides("ingress", port));
    this.never = {
      egress: this.deniedOnEveryPort(this.egress),
      ingress: this.deniedOnEveryPort(this.ingress),
    };
  }

  /**
   * The decision of `Evaluator.evaluate` for the flow.
   * @param port position in `ports`
   */
  decision(from: string, to: string, port: number): Decision {
    const { classes } = this.binding;
    return this.decisionOfClasses(classes.classOf(from), classes.classOf(to), port);
  }

  /** The class of an identity: identities of one class have the same decisions. */
  classOf(id: string): number {
    return this.binding.classes.classOf(id);
  }

  /** Number of classes; they are numbered from 0. */
  get classCount(): number {
    return this.binding.classes.size;
  }

  decisionOfClasses(from: number, to: number, port: number): Decision {
    const egress = this.egress[port]?.[from];
    const ingress = this.ingress[port]?.[to];
    if ((egress && has(egress.denied, to)) || (ingress && has(ingress.denied, from))) return "denied";
    if ((egress && has(egress.unknown, to)) || (ingress && has(ingress.unknown, from))) return "unknown";
    return "allowed";
  }

  /**
   * A text for each port that is the same for ports on which every pair of classes has the same decision.
   * @param port position in `ports`
   */
  decisionsOn(port: number): string {
    const [egress, ingress] = [this.egress[port] ?? [], this.ingress[port] ?? []];
    const denied = this.deniedSources(ingress);
    const unknown = Array.from({ length: this.classCount }, () => emptySet(this.classCount));
    ingress.forEach((side, to) => {
      if (side) forEachMember(side.unknown, (from) => add(unknown[from] as Bitset, to));
    });
    const digest = createHash("sha256");
    denied.forEach((row, from) => {
      const doubts = unknown[from] ?? emptySet(this.classCount);
      const own = egress[from];
      if (own) {
        addAll(row, own.denied);
        addAll(doubts, own.unknown);
      }
      removeAll(doubts, row);
      digest.update(row).update(doubts);
    });
    return digest.digest("hex");
  }

  /** For each class, those whose ingress denies it. Most of them do, so those that do not are counted. */
  private deniedSources(ingress: readonly (SideSets | undefined)[]): Bitset[] {
    const enforced = emptySet(this.classCount);
    ingress.forEach((side, to) => {
      if (side) add(enforced, to);
    });
    const rows = Array.from({ length: this.classCount }, () => enforced.slice());
    ingress.forEach((side, to) => {
      if (!side) return;
      const others = fullSet(this.classCount);
      removeAll(others, side.denied);
      forEachMember(others, (from) => remove(rows[from] as Bitset, to));
    });
    return rows;
  }

  /** True when one end denies every flow from one class to the other; false decides nothing. */
  isClosed(from: number, to: number): boolean {
    const [egress, ingress] = [this.never.egress[from], this.never.ingress[to]];
    return (egress !== undefined && has(egress, to)) || (ingress !== undefined && has(ingress, from));
  }

  /**
   * Classes that one half lets through, whatever the other half says: whom the ingress of a class admits, or where its
   * egress goes. Undefined when the class has no policy of its own.
   * @param port position in `ports`
   */
  halfOpen(direction: Direction, number: number, port: number): Bitset | undefined {
    const sides = direction === "ingress" ? this.ingress : this.egress;
    const denied = sides[port]?.[number]?.denied;
    if (!denied) return undefined;
    const open = fullSet(this.classCount);
    removeAll(open, denied);
    return open;
  }

  private deniedOnEveryPort(sides: readonly (SideSets | undefined)[][]): (Bitset | undefined)[] {
    return Array.from({ length: this.classCount }, (_, number) => {
      const [first, ...others] = new Set(sides.map((ofPort) => ofPort[number]?.denied));
      const denied = first?.slice();
      for (const other of others) if (denied && other) retainAll(denied, other);
      return denied;
    });
  }

  private sides(direction: Direction, port: PolicyPort): (SideSets | undefined)[] {
    const shared = new Map<EndpointPolicy, SideSets>();
    return Array.from({ length: this.classCount }, (_, number) => {
      const policy = this.binding.policy(number, direction);
      if (!policy) return undefined;
      const known = shared.get(policy);
      if (known) return known;
      const sets = policy.sets(port, this.binding.portNames(number, direction));
      if (direction === "egress" || !policy.usesPortNames) shared.set(policy, sets);
      return sets;
    });
  }
}
