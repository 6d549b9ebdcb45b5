/** Clusters like the homelab's, made up from a number: machines, pods that almost fill them, and one machine to lose. */
import { Quantity } from "../../lib/core/values/quantity.ts";
import { priorityValues } from "../../lib/governance/priority-classes.ts";
import { assessCapacity } from "../../lib/proofs/capacity/capacity.ts";
import type { PodGroup, SchedulableMachine } from "../../lib/proofs/capacity/placement.ts";

/** Names of priority classes with their values. */
export const CLASSES = [...priorityValues()].filter(([name]) => name !== "" && !name.startsWith("system-"));

const MEBIBYTE = 1024 ** 2;
/** Requests of a pod in thousandths of a core and MiB, before they are varied. */
const SHAPES = [
  [5, 64],
  [25, 256],
  [50, 512],
  [100, 1024],
  [250, 1024],
  [500, 2048],
  [1000, 2048],
  [200, 512],
] as const;

/** A machine that some pods alone may or may not run on. */
export interface GeneratedMachine extends SchedulableMachine {
  readonly disk: "fast" | "slow";
  readonly isTainted: boolean;
}

export interface GeneratedGroup extends PodGroup {
  readonly priorityClass: string;
  /** They run on machines with a fast disk alone. */
  readonly needsFastDisk: boolean;
  readonly tolerates: boolean;
}

export interface GeneratedCluster {
  readonly id: number;
  readonly machines: readonly GeneratedMachine[];
  readonly groups: readonly GeneratedGroup[];
  /** Name of the machine that is lost. */
  readonly lost: string;
}

/** Numbers from 0 to below 1, the same for a seed every time. Source: Mulberry32. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Random choices of one cluster. */
const choices = (id: number, seed: number) => {
  const next = random(seed * 100_003 + id);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T;
  return { next, between, pick, oneIn: (many: number) => between(1, many) === 1 };
};
type Choices = ReturnType<typeof choices>;

const machinesOf = ({ between, pick, oneIn }: Choices): GeneratedMachine[] => {
  const nodes = Array.from({ length: between(2, 6) }, (_, at) => ({
    name: `n${at}`,
    role: at < 3 ? ("controlplane" as const) : ("worker" as const),
    cpu: Quantity.parse(`${pick([2, 4, 8])}`),
    memory: Quantity.parse(`${pick([4, 8, 16])}Gi`),
  }));
  const shares = assessCapacity({ nodes, controlPlane: "converged", namespaces: [] }).nodes;
  return shares.map(({ name, free }, at) => ({
    ...{ name, free, disk: oneIn(3) ? "slow" : "fast", isTainted: at > 0 && oneIn(8) },
  }));
};

const groupOf = (name: string, machines: readonly GeneratedMachine[], choice: Choices): GeneratedGroup => {
  const { next, between, pick, oneIn } = choice;
  const [cpu, memory] = pick(SHAPES);
  const isOnEach = oneIn(8);
  // DaemonSets are small.
  const factor = (0.5 + next()) * (isOnEach ? 0.2 : 1);
  const needsFastDisk = oneIn(6);
  const tolerates = oneIn(3);
  const isAlone = !isOnEach && oneIn(6);
  const [priorityClass, priority] = pick(CLASSES);
  return {
    ...{ name, priority, priorityClass, isOnEach, needsFastDisk, tolerates },
    count: isAlone ? between(1, machines.length) : between(1, 4),
    requests: {
      cpu: Quantity.millicores(Math.ceil(cpu * factor)),
      memory: Quantity.bytes(Math.ceil(memory * factor) * MEBIBYTE),
    },
    runsOn: machines
      .filter(({ disk, isTainted }) => (disk === "fast" || !needsFastDisk) && (tolerates || !isTainted))
      .map((machine) => machine.name),
    ...(isAlone && { apartFrom: [name] }),
  };
};

const total = (machines: readonly SchedulableMachine[], resource: "cpu" | "memory"): number =>
  machines.reduce((sum, { free }) => sum + free[resource].toNumber(), 0);

/** Groups until the next would ask for more than a share of what is left without the lost machine. */
const groupsOf = (machines: readonly GeneratedMachine[], lost: string, choice: Choices): GeneratedGroup[] => {
  const share = 0.25 + choice.next() * 0.85;
  const left = machines.filter(({ name }) => name !== lost);
  const groups: GeneratedGroup[] = [];
  const used = { cpu: 0, memory: 0 };
  for (;;) {
    const group = groupOf(`g${groups.length}`, machines, choice);
    const pods = group.isOnEach ? left.length : group.count;
    used.cpu += group.requests.cpu.toNumber() * pods;
    used.memory += group.requests.memory.toNumber() * pods;
    if (used.cpu > total(left, "cpu") * share || used.memory > total(left, "memory") * share) return groups;
    groups.push(group);
  }
};

export const generateCluster = (id: number, seed: number): GeneratedCluster => {
  const choice = choices(id, seed);
  const machines = machinesOf(choice);
  const lost = choice.pick(machines).name;
  return { id, machines, lost, groups: groupsOf(machines, lost, choice) };
};

/** The cluster with requests of its pods times a factor. */
export const shrunk = (cluster: GeneratedCluster, factor: number): GeneratedCluster => ({
  ...cluster,
  groups: cluster.groups.map((group) => ({
    ...group,
    requests: {
      cpu: Quantity.millicores(Math.ceil(group.requests.cpu.toNumber() * 1_000 * factor)),
      memory: Quantity.bytes(Math.ceil(group.requests.memory.toNumber() * factor)),
    },
  })),
});
