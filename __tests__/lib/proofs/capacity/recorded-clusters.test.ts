import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import { type PodGroup, unplacedWithout } from "../../../../lib/proofs/capacity/placement.ts";

/** Generated clusters whose sums fit, and in which kube-scheduler v1.34.0 left pods waiting. */
interface Recorded {
  readonly id: number;
  readonly lost: string;
  /** The number of pods that waited. */
  readonly waited: number;
  /** Name, CPU and memory. */
  readonly machines: readonly string[];
  readonly groups: readonly (Omit<PodGroup, "requests"> & { readonly requests: string })[];
}

const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL("./sums-were-wrong.json", import.meta.url), "utf8"),
);

const compute = (text: string) => {
  const [cpu = "", memory = ""] = text.split(" ");
  return { cpu: Quantity.parse(cpu), memory: Quantity.parse(memory) };
};

test.each(recorded)("cluster $id: sums fit, $waited pods waited, and the arithmetic says so", (cluster) => {
  const machines = cluster.machines.map((line) => {
    const [name = "", ...free] = line.split(" ");
    return { name, free: compute(free.join(" ")) };
  });
  const groups = cluster.groups.map((each) => ({ ...each, requests: compute(each.requests) }));
  const left = machines.filter(({ name }) => name !== cluster.lost);
  for (const resource of ["cpu", "memory"] as const) {
    const asked = groups.map(({ requests, count, isOnEach }) =>
      requests[resource].times(isOnEach ? left.length : count),
    );
    const free = Quantity.sum(left.map((machine) => machine.free[resource]));
    expect(Quantity.sum(asked).isMoreThan(free)).toBe(false);
  }
  const found = [undefined, cluster.lost].flatMap((lost) => unplacedWithout(lost, machines, groups));
  expect(found).not.toEqual([]);
});
