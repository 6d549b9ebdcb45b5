import { describe, expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import {
  type PodGroup,
  type SchedulableMachine,
  unplaced,
  unplacedWithout,
} from "../../../../lib/proofs/capacity/placement.ts";

const amounts = (cpu: string, memory: string) => ({
  cpu: Quantity.parse(cpu),
  memory: Quantity.parse(memory),
});
const machine = (name: string, cpu = "4", memory = "8Gi"): SchedulableMachine => ({
  name,
  free: amounts(cpu, memory),
});
const group = (name: string, cpu: string, memory: string, more: Partial<PodGroup> = {}): PodGroup => ({
  ...{ name, count: 1, requests: amounts(cpu, memory), priority: 0 },
  ...more,
});
const three = ["a", "b", "c"].map((name) => machine(name));
const names = (groups: readonly PodGroup[], machines = three) =>
  unplaced(machines, groups).map(({ group: { name } }) => name);

describe("a pod has a place", () => {
  test("when the others cannot fill what is left without any machine", () => {
    expect(names([group("web", "500m", "1Gi", { count: 6 })])).toEqual([]);
  });

  test("though sums fit, not when every machine may be too full for it", () => {
    const small = group("small", "100m", "1Gi", { count: 10 });
    expect(names([small])).toEqual([]);
    expect(unplaced(three, [small, group("big", "100m", "5Gi")])).toMatchObject([
      { group: { name: "big" }, lost: "a", short: expect.closeTo(0.4) },
    ]);
  });

  test("one machine may be full of CPU and the other of memory", () => {
    const groups = [
      group("cpu", "3500m", "128Mi"),
      group("memory", "100m", "7Gi"),
      group("both", "1", "2Gi"),
    ];
    expect(names(groups)).toContain("both");
  });

  test("groups that are alike wait as one group of them all would, and each is named", () => {
    const big = group("big", "100m", "5Gi");
    const [one, other] = [4, 6].map((count) =>
      group(`small-${count}`, "100m", "1Gi", { count, priority: 5 }),
    );
    if (!one || !other) throw new Error("two groups");
    const together = { ...one, name: "all", count: 10 };
    const shorts = (groups: PodGroup[]) =>
      unplaced(three, groups).map(({ group: { name }, short }) => [name, short]);
    expect(shorts([one, other, big])).toEqual(shorts([together, big]));
    const crowd = (name: string, count: number) => group(name, "100m", "3Gi", { count });
    expect(names([crowd("left", 3), crowd("right", 4)])).toEqual(["left", "right"]);
    expect(names([crowd("left", 3), { ...crowd("right", 4), runsOn: ["a", "b"] }])).toEqual([
      "left",
      "right",
    ]);
  });

  test("on a machine that holds it alone, and on no other", () => {
    const machines = [machine("a"), machine("b", "4", "16Gi"), machine("c")];
    expect(unplaced(machines, [group("big", "1", "12Gi")])).toMatchObject([{ lost: "b", short: 1 }]);
  });

  test("by pushing away what is of lower priority", () => {
    const low = group("low", "100m", "1Gi", { count: 10 });
    expect(names([low, group("big", "100m", "5Gi", { priority: 10 })])).toEqual([]);
  });

  test("but nobody pushes pods of a DaemonSet away, which come back nowhere else", () => {
    const low = group("low", "100m", "1Gi", { count: 9 });
    const agent = group("agent", "10m", "10Mi", { isOnEach: true });
    expect(names([low, agent, group("big", "100m", "5Gi", { priority: 10 })])).toEqual(["big"]);
  });
});

describe("where pods may run", () => {
  test("only what may run there fills a machine", () => {
    const bound = group("bound", "100m", "1Gi", { runsOn: ["a", "b"] });
    const elsewhere = group("elsewhere", "100m", "7Gi", { count: 2, runsOn: ["c", "d"] });
    const machines = [...three, machine("d")];
    expect(unplacedWithout("a", machines, [bound, elsewhere])).toEqual([]);
    expect(unplacedWithout("a", machines, [bound, { ...elsewhere, runsOn: ["b"] }])).not.toEqual([]);
  });

  test("pods that keep apart need as many machines, and one more to lose", () => {
    const replicas = (count: number) => group("db", "100m", "1Gi", { count, apartFrom: ["db"] });
    expect(names([replicas(2)])).toEqual([]);
    expect(unplaced(three, [replicas(3)])).toMatchObject([{ short: 1 }]);
    expect(unplacedWithout(undefined, three, [replicas(3)])).toEqual([]);
  });

  test("apart counts in both directions", () => {
    const shy = group("shy", "100m", "1Gi", { apartFrom: ["loud"] });
    expect(names([shy, group("loud", "100m", "1Gi", { count: 2 })])).toEqual(["shy"]);
  });

  test("a DaemonSet takes its share of each of its machines", () => {
    const agent = group("agent", "100m", "6Gi", { isOnEach: true });
    expect(names([agent, group("web", "100m", "3Gi")])).toEqual(["web"]);
    expect(names([{ ...agent, requests: amounts("5", "1Gi") }])).toEqual(["agent"]);
  });

  test("a machine takes no more than some number of pods", () => {
    const many = group("many", "1m", "1Mi", { count: 250 });
    expect(names([many])).toEqual(["many"]);
    expect(names([{ ...many, count: 150 }])).toEqual([]);
  });
});

test("with a single machine nothing is lost", () => {
  expect(names([group("web", "1", "7Gi")], [machine("a")])).toEqual([]);
  expect(names([group("web", "1", "5Gi", { count: 2 })], [machine("a")])).toEqual(["web"]);
});
