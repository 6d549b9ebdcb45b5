import fc from "fast-check";
import { expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import type { NamespaceSize } from "../../../../lib/governance/sizes.ts";
import { assessCapacity, type CapacityNode } from "../../../../lib/proofs/capacity/capacity.ts";

const namespaces = (...sizes: NamespaceSize[]) => sizes.map((size, index) => ({ name: `n${index}`, size }));

const size = fc.constantFrom<NamespaceSize>("xxs", "xs", "s", "m", "l", "xl");
const node = fc
  .record({
    role: fc.constantFrom("controlplane" as const, "worker" as const),
    cpu: fc.integer({ min: 1, max: 16 }).map((count) => Quantity.parse(`${count}`)),
    memory: fc.integer({ min: 1, max: 64 }).map((gibibytes) => Quantity.parse(`${gibibytes}Gi`)),
  })
  .map((machine) => ({ ...machine, name: "node" }));
const anything = fc.record({
  controlPlane: fc.constantFrom("converged" as const, "dedicated" as const),
  nodes: fc.array(node, { minLength: 2, maxLength: 8 }),
  sizes: fc.array(size, { maxLength: 12 }),
});
type Given = typeof anything extends fc.Arbitrary<infer T> ? T : never;
const assess = ({ controlPlane, nodes, sizes }: Given) =>
  assessCapacity({ controlPlane, nodes, namespaces: namespaces(...sizes) });

test("another quota never makes it fit", () => {
  fc.assert(
    fc.property(anything, size, (given, more) => {
      const before = assess(given);
      const after = assess({ ...given, sizes: [...given.sizes, more] });
      expect(after.problems.length).toBeGreaterThanOrEqual(before.problems.length);
      expect(after.headroom.cpu.isLessThan(before.headroom.cpu)).toBe(true);
      expect(after.headroom.memory.isLessThan(before.headroom.memory)).toBe(true);
    }),
  );
});

test("another node never leaves less, once a loss is survived", () => {
  fc.assert(
    fc.property(anything, node, (given, more) => {
      const before = assess(given);
      fc.pre(before.nodes.length > 1);
      const after = assess({ ...given, nodes: [...given.nodes, more] });
      for (const resource of ["cpu", "memory"] as const) {
        expect(after.headroom[resource].isLessThan(before.headroom[resource])).toBe(false);
      }
    }),
  );
});

test("one more of the nodes that there are never makes it not fit", () => {
  fc.assert(
    fc.property(anything, fc.nat(), (given, pick) => {
      fc.pre(assess(given).problems.length === 0);
      const same = given.nodes[pick % given.nodes.length] as CapacityNode;
      expect(assess({ ...given, nodes: [...given.nodes, { ...same, name: "more" }] }).problems).toEqual([]);
    }),
  );
});

test("what fits, fits whichever node is lost", () => {
  fc.assert(
    fc.property(anything, (given) => {
      const { nodes, platform, quotas, problems } = assess(given);
      fc.pre(problems.length === 0);
      for (const gone of nodes) {
        for (const resource of ["cpu", "memory"] as const) {
          const left = nodes
            .filter((other) => other !== gone)
            .reduce((total, other) => total + other.free[resource].toNumber(), 0);
          const needed = platform[resource].toNumber() + quotas[resource].toNumber();
          expect(left).toBeGreaterThanOrEqual(needed - 1e-6);
        }
      }
    }),
  );
});

test("the order of nodes and namespaces does not matter", () => {
  fc.assert(
    fc.property(anything, (given) => {
      const turned = { ...given, nodes: [...given.nodes].reverse(), sizes: [...given.sizes].reverse() };
      expect(String(assess(turned).headroom.cpu)).toBe(String(assess(given).headroom.cpu));
      expect(String(assess(turned).headroom.memory)).toBe(String(assess(given).headroom.memory));
    }),
  );
});
