/**
 * Finds pods that the scheduler may leave without a place, whatever the order in which it placed the others.
 *
 * Sums cannot tell: pods are not divisible, and a machine that is full of one resource has room of the other that nobody
 * gets. How the scheduler spreads pods depends on what happened before: machines that were lost, drained or added. So no
 * order is played through; every order is judged at once. A pod finds no place only when each machine that could hold it
 * alone is too full for it, of CPU or of memory. With any weights λ and μ of CPU and memory, the pods that fill a
 * machine so far weigh at least the lighter of λ·(free CPU − its CPU) and μ·(free memory − its memory), and a pod
 * weighs at most the heavier of its λ·CPU and μ·memory. When for some weights all other pods weigh less than what it
 * takes to fill all machines, the pod has a place. This is the dual of a linear program; its best weights stand where
 * two terms are equal, at one of finitely many quotients. A pod cannot be divided either when it hinders: it fills one
 * machine, and weighs no more than what that takes.
 *
 * Pods of lower priority are preempted, so they are no hindrance; but only those that are lower than every DaemonSet's
 * pods too, or these would be preempted first, and have one machine alone to come back to. DaemonSets' pods are taken to
 * be on their machines before others: a machine gets them when it joins. Disruption budgets are not looked at: the
 * scheduler breaks them when it must.
 */
import type { Compute } from "./capacity-shape.ts";

/** Pods that a machine takes: the kubelet's bound of 110, less ten for static pods and DaemonSets. */
const PODS_OF_A_MACHINE = 100;

/** A machine with its room for pods that are neither static nor the platform's own DaemonSets. */
export interface SchedulableMachine {
  readonly name: string;
  readonly free: Compute;
}

/** Pods that are alike. */
export interface PodGroup {
  /** As messages call them, e.g. `Deployment media/frigate`. */
  readonly name: string;
  readonly count: number;
  /** Requests of one pod. */
  readonly requests: Compute;
  /** The value of their priority class. */
  readonly priority: number;
  /** Names of the machines that they may run on. @default - all */
  readonly runsOn?: readonly string[];
  /** One pod on each of those machines, as DaemonSets have; `count` says nothing then. @default false */
  readonly isOnEach?: boolean;
  /** Names of groups beside whose pods they must not run; their own name keeps them apart. @default - none */
  readonly apartFrom?: readonly string[];
}

/** Pods that may wait. */
export interface Unplaced {
  readonly group: PodGroup;
  /** The machine without which they may wait; undefined when all are there. */
  readonly lost: string | undefined;
  /** The share that other pods would have to shrink by, from 0 to 1; 1 when no machine could hold one of them alone. */
  readonly short: number;
}

interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

/** Whole thousandths of a core, and bytes, rounded as the scheduler does. */
const amounts = ({ cpu, memory }: Compute, round: (value: number) => number): Amounts => ({
  cpu: round(Number((cpu.toNumber() * 1_000).toFixed(3))),
  memory: round(memory.toNumber()),
});

interface Room extends Amounts {
  readonly name: string;
}

/** Groups that no machine and no other pod tells apart, as one: a homelab has few sizes of pods, and many of each. */
interface Load extends Amounts {
  /** The first of them stands for all. */
  readonly group: PodGroup;
  readonly groups: readonly PodGroup[];
  /** Pods of all of them. */
  readonly count: number;
}

const loadsOf = (groups: readonly PodGroup[]): Load[] => {
  const shunned = new Set(groups.flatMap(({ apartFrom = [] }) => apartFrom));
  const alike = new Map<string, PodGroup[]>();
  for (const [at, group] of groups.entries()) {
    const { name, priority, runsOn, isOnEach, apartFrom = [] } = group;
    const { cpu, memory } = amounts(group.requests, Math.ceil);
    const isAlone = isOnEach || apartFrom.length > 0 || shunned.has(name);
    const key = isAlone ? `${at}` : JSON.stringify([cpu, memory, priority, runsOn]);
    const known = alike.get(key);
    if (known) known.push(group);
    else alike.set(key, [group]);
  }
  return [...alike.values()].flatMap((some) => {
    const [group] = some;
    const count = sumOf(some.map((each) => each.count));
    return group ? [{ ...amounts(group.requests, Math.ceil), group, groups: some, count }] : [];
  });
};

const mayRunOn = ({ runsOn }: PodGroup, { name }: { readonly name: string }): boolean =>
  runsOn === undefined || runsOn.includes(name);

const isApart = (one: PodGroup, other: PodGroup): boolean =>
  (one.apartFrom?.includes(other.name) ?? false) || (other.apartFrom?.includes(one.name) ?? false);

const withoutDaemonSets = (machine: SchedulableMachine, daemonSets: readonly Load[]): Room => {
  const free = amounts(machine.free, Math.floor);
  const own = daemonSets.filter(({ group }) => mayRunOn(group, machine));
  const rest = (of: keyof Amounts) => own.reduce((left, each) => left - each[of], free[of]);
  return { name: machine.name, cpu: rest("cpu"), memory: rest("memory") };
};

/** Weights of CPU against one byte of memory at which terms are equal, and the ends. */
const weights = (items: readonly Amounts[]): number[] => [
  ...new Set([0, 1e12, ...items.filter(({ cpu }) => cpu > 0).map(({ cpu, memory }) => memory / cpu)]),
];

/** Machines that are filled exactly, by pods that count for no more than that, are full. */
const EXACT = 1 - 1e-9;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

const ratio = (part: number, whole: number): number => {
  if (whole > 0) return part / whole;
  return part > 0 ? Number.POSITIVE_INFINITY : 0;
};

/** The factor on the weight of the others that leaves one pod of a group without a place. */
const timesOthers = (pod: Load, rooms: readonly Room[], loads: readonly Load[]): number => {
  const left = rooms
    .filter((room) => mayRunOn(pod.group, room))
    .map((room) => ({ name: room.name, cpu: room.cpu - pod.cpu, memory: room.memory - pod.memory }))
    .filter(({ cpu, memory }) => cpu >= 0 && memory >= 0);
  const others = loads.flatMap((each) => {
    const count = each.group === pod.group ? each.count - 1 : each.count;
    return count > 0 && left.some((room) => mayRunOn(each.group, room)) ? [{ ...each, count }] : [];
  });
  const counted = (some: readonly Load[]) => sumOf(some.map(({ count }) => count));
  const apart = others.filter(({ group }) => isApart(group, pod.group));
  const filling = others.filter((each) => !apart.includes(each));
  // Machines that pods of others take as a whole, the roomiest first.
  const taken = counted(apart) + Math.floor(counted(others) / PODS_OF_A_MACHINE);
  if (taken >= left.length) return 0;
  if (filling.length === 0) return Number.POSITIVE_INFINITY;
  const times = weights([...left, ...filling]).flatMap((weight) => {
    const toFill = left.map(({ cpu, memory }) => Math.min(weight * cpu, memory)).toSorted((a, b) => a - b);
    const all = (cap: number) =>
      sumOf(filling.map(({ count, cpu, memory }) => count * Math.min(cap, Math.max(weight * cpu, memory))));
    let sum = 0;
    const upTo = toFill.map((each) => (sum += each));
    const rest = upTo[toFill.length - taken - 1] ?? 0;
    return [
      ratio(rest, all(Number.POSITIVE_INFINITY)),
      // The machines that are filled by no more than `cap` alone: a pod is on one of them, and of no use beyond that.
      ...toFill.slice(taken).map((cap, at) => ratio(upTo[at] ?? 0, all(cap)) * EXACT),
    ];
  });
  return Math.max(...times);
};

/** Pods that may wait when one machine is lost, or none. */
export const unplacedWithout = (
  lost: string | undefined,
  machines: readonly SchedulableMachine[],
  groups: readonly PodGroup[],
): Unplaced[] => {
  const loads = loadsOf(groups.filter(({ isOnEach, count }) => isOnEach || count > 0));
  const daemonSets = loads.filter(({ group }) => group.isOnEach);
  const others = loads.filter(({ group }) => !group.isOnEach);
  const rooms = machines
    .filter(({ name }) => name !== lost)
    .map((machine) => withoutDaemonSets(machine, daemonSets));
  const tight = rooms.filter(({ cpu, memory }) => cpu < 0 || memory < 0);
  return [
    ...daemonSets
      .filter(({ group }) => tight.some((room) => mayRunOn(group, room)))
      .map(({ group }) => ({ group, lost, short: 1 })),
    ...others.flatMap((pod) => {
      const spared = Math.min(pod.group.priority, ...daemonSets.map(({ group }) => group.priority));
      const hindering = others.filter(({ group }) => group.priority >= spared);
      const times = timesOthers(pod, rooms, hindering);
      return times >= 1 ? [] : pod.groups.map((group) => ({ group, lost, short: 1 - times }));
    }),
  ];
};

/** The first of each kind of machine: to lose another that is like it leaves the same. */
const unlike = (
  machines: readonly SchedulableMachine[],
  groups: readonly PodGroup[],
): SchedulableMachine[] => {
  const bound = groups.flatMap(({ runsOn }) => (runsOn ? [new Set(runsOn)] : []));
  const kinds = new Map<string, SchedulableMachine>();
  for (const machine of machines) {
    const { cpu, memory } = amounts(machine.free, Math.floor);
    const key = [cpu, memory, ...bound.map((names) => Number(names.has(machine.name)))].join();
    if (!kinds.has(key)) kinds.set(key, machine);
  }
  return [...kinds.values()];
};

/**
 * Groups of which a pod may find no place when any one machine is lost, each with the loss that is worst for it; with a
 * single machine, when none is lost.
 *
 * Who is not among them finds one, in whatever order pods come and machines go. Who is may find one all the same: an
 * order that leaves it waiting need not come.
 */
export const unplaced = (
  machines: readonly SchedulableMachine[],
  groups: readonly PodGroup[],
): Unplaced[] => {
  const found =
    machines.length < 2
      ? unplacedWithout(undefined, machines, groups)
      : unlike(machines, groups).flatMap(({ name }) => unplacedWithout(name, machines, groups));
  const worst = new Map<string, Unplaced>();
  for (const each of found) {
    const known = worst.get(each.group.name);
    if (known === undefined || each.short > known.short) worst.set(each.group.name, each);
  }
  return [...worst.values()];
};
