import fc from "fast-check";
import { expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import {
  type PodGroup,
  type SchedulableMachine,
  unplacedWithout,
} from "../../../../lib/proofs/capacity/placement.ts";

/** A scheduler that places pods in any order on any machine that has room, and preempts as it likes. */
const anyScheduler = (
  machines: readonly SchedulableMachine[],
  groups: readonly PodGroup[],
  dice: () => number,
): number => {
  const rooms = machines.map(({ name, free }) => ({ name, free, pods: [] as PodGroup[] }));
  type Room = (typeof rooms)[number];
  const fits = ({ name, free, pods }: Room, pod: PodGroup, stay: (other: PodGroup) => boolean) => {
    const staying = pods.filter(stay);
    return (
      (pod.runsOn?.includes(name) ?? true) &&
      !staying.some((other) => other.name === pod.name && pod.apartFrom?.includes(other.name)) &&
      (["cpu", "memory"] as const).every(
        (resource) =>
          !Quantity.sum([pod, ...staying].map(({ requests }) => requests[resource])).isMoreThan(
            free[resource],
          ),
      )
    );
  };
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(dice() * items.length)];
  const queue = groups
    .filter(({ isOnEach }) => !isOnEach)
    .flatMap((each) => Array.from({ length: each.count }, () => each));
  for (const each of groups.filter(({ isOnEach }) => isOnEach))
    for (const room of rooms) room.pods.push(each);
  let waiting = 0;
  while (queue.length > 0) {
    const [pod] = queue.splice(Math.floor(dice() * queue.length), 1);
    if (pod === undefined) break;
    const room = pick(rooms.filter((each) => fits(each, pod, () => true)));
    // DaemonSets' pods are pushed away last.
    const lowest = Math.min(
      pod.priority,
      ...groups.filter((each) => each.isOnEach).map(({ priority }) => priority),
    );
    const stays = (other: PodGroup) => (other.isOnEach ?? false) || other.priority >= lowest;
    const forced = room ?? pick(rooms.filter((each) => fits(each, pod, stays)));
    if (forced === undefined) {
      waiting += 1;
      continue;
    }
    if (room === undefined) {
      queue.push(...forced.pods.filter((other) => !stays(other)));
      forced.pods.splice(0, forced.pods.length, ...forced.pods.filter(stays));
    }
    forced.pods.push(pod);
  }
  return waiting;
};

const quantities = (cpu: number, memory: number) => ({
  cpu: Quantity.millicores(cpu),
  memory: Quantity.mebibytes(memory),
});
const machines = fc
  .array(fc.tuple(fc.integer({ min: 500, max: 4_000 }), fc.integer({ min: 500, max: 8_000 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) => all.map(([cpu, memory], at) => ({ name: `n${at}`, free: quantities(cpu, memory) })));
const groups = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      requests: fc
        .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 800 }))
        .map(([cpu, memory]) => quantities(cpu, memory)),
      priority: fc.constantFrom(0, 10, 20),
      isOnEach: fc.nat(7).map((dice) => dice === 0),
      isAlone: fc.nat(5).map((dice) => dice === 0),
      runsOn: fc.option(fc.subarray(["n0", "n1", "n2", "n3"], { minLength: 2 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ isAlone, runsOn, ...each }, at): PodGroup => {
      const name = `g${at}`;
      if (each.isOnEach) return { ...each, name };
      return { ...each, name, ...(runsOn && { runsOn }), ...(isAlone && { apartFrom: [name] }) };
    }),
  );

test("whom the arithmetic passes, no order of placing and preempting leaves without a place", () => {
  let passed = 0;
  fc.assert(
    fc.property(
      machines,
      groups,
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 60 }),
      (given, all, rolls) => {
        if (unplacedWithout(undefined, given, all).length > 0) return;
        passed += 1;
        let at = 0;
        expect(anyScheduler(given, all, () => rolls[at++ % rolls.length] ?? 0)).toBe(0);
      },
    ),
    { numRuns: 600 },
  );
  // Enough of them pass to say something.
  expect(passed).toBeGreaterThan(60);
});
