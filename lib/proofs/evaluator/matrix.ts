/** Matrix of who reaches whom on which ports, decided between classes of identities. */

import type { Binding } from "./binding.ts";
import { type Bitset, fullSet, has, removeAll, retainAll } from "./bitset.ts";
import type { EndpointPolicy, Port, SideSets } from "./endpoint-policy.ts";
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
    readonly ports: readonly Port[],
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

  private sides(direction: Direction, port: Port): (SideSets | undefined)[] {
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
