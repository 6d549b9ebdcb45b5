import { TerraformStack, Testing } from "cdktf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dev } from "../../../environments/dev.ts";
import { prod } from "../../../environments/prod.ts";
import {
  addCapacityCheck,
  assessCapacity,
  type CapacityNode,
  type CapacityProps,
} from "../../../lib/governance/capacity.ts";
import type { NamespaceSize } from "../../../lib/governance/sizes.ts";

const worker = (name: string, cpu = "8", memory = "16Gi"): CapacityNode => ({
  name,
  role: "worker",
  cpu,
  memory,
});
const controlPlane = (name: string, cpu = "4", memory = "16Gi"): CapacityNode => ({
  name,
  role: "controlplane",
  cpu,
  memory,
});
const namespaces = (...sizes: NamespaceSize[]) => sizes.map((size, index) => ({ name: `n${index}`, size }));
const shares = (props: CapacityProps) => assessCapacity(props).nodes.map(({ name }) => name);

describe("the environments", () => {
  test.each([dev, prod])("$name fits with one node lost, with headroom", (environment) => {
    const { problems, headroom } = assessCapacity({
      nodes: environment.nodes,
      controlPlane: environment.cluster.controlPlane,
      namespaces: environment.namespaces,
    });
    expect(problems).toEqual([]);
    expect(headroom.cpu.toNumber()).toBeGreaterThan(0);
    expect(headroom.memory.toNumber()).toBeGreaterThan(0);
  });
});

describe("the arithmetic", () => {
  const props: CapacityProps = {
    controlPlane: "converged",
    nodes: [controlPlane("a"), controlPlane("b"), controlPlane("c"), worker("fast", "8", "8Gi")],
    namespaces: namespaces("s", "m"),
  };

  test("takes firmware, reservations, eviction, static pods and DaemonSets off each node", () => {
    const [first, , , fast] = assessCapacity(props).nodes;
    // 4 − 0.7 − 0.56 − 0.2 cores; 16 GiB − 1 − 1.5 − 0.5 − 1.3125 − 0.625.
    expect(String(first?.free.cpu)).toBe("2540m");
    expect(String(first?.free.memory)).toBe("11328Mi");
    // 8 − 0.2 − 0.2 cores; 8 GiB − 0.5 − 0.75 − 0.25 − 0.625.
    expect(String(fast?.free.cpu)).toBe("7600m");
    expect(String(fast?.free.memory)).toBe("6016Mi");
  });

  test("loses the largest node, for each resource by itself", () => {
    const { lost } = assessCapacity(props);
    expect(lost.cpu?.name).toBe("fast");
    expect(lost.memory?.name).toBe("a");
  });

  test("headroom is what the rest leaves", () => {
    const { headroom, platform, quotas } = assessCapacity(props);
    expect(String(quotas.cpu)).toBe("1500m");
    expect(String(quotas.memory)).toBe("4Gi");
    expect(headroom.cpu.toNumber()).toBeCloseTo(3 * 2.54 - platform.cpu.toNumber() - 1.5);
    expect(String(headroom.memory)).toBe(
      String(`${2 * 11328 + 6016 - platform.memory.toNumber() / 1024 ** 2 - 4096}Mi`),
    );
  });

  test("dedicated: only workers count, and their capacity pays for no static pod", () => {
    const dedicated = { ...props, controlPlane: "dedicated", nodes: [...props.nodes, worker("w")] } as const;
    expect(shares(dedicated)).toEqual(["fast", "w"]);
    expect(assessCapacity(dedicated).nodes.every(({ staticPods }) => staticPods.memory.isZero)).toBe(true);
  });
});

describe("refuses", () => {
  const three = [controlPlane("a"), controlPlane("b"), controlPlane("c")];
  const problems = (props: Partial<CapacityProps>) =>
    assessCapacity({ nodes: three, controlPlane: "converged", namespaces: [], ...props }).problems;

  test("quotas that do not fit, with every term of the sum", () => {
    const [problem = "", ...others] = problems({ namespaces: namespaces("xl", "xl") });
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^capacity: the quotas must fit with one node lost: short of 2570m cpu and 5260Mi memory\n/,
    );
    for (const term of [
      "a ",
      "b ",
      "c ",
      "- lost: a",
      "- platform pods",
      "- quotas of 2 namespaces",
      "= headroom",
    ]) {
      expect(problem.split("\n").filter((line) => line.startsWith(term))).toHaveLength(2);
    }
    expect(problem).toMatch(/= headroom +-2570m/);
    expect(problem).toMatch(/= headroom +-5260Mi/);
  });

  test("dedicated control planes without a worker", () => {
    expect(problems({ controlPlane: "dedicated" })).toEqual([
      "capacity: needs a node that takes workloads: got 3 dedicated control planes and no worker",
    ]);
  });

  test("a single node that takes workloads, unless accepted", () => {
    const alone = { nodes: [controlPlane("a")], namespaces: namespaces("s") };
    expect(problems(alone)).toEqual([
      'capacity: needs a second node that takes workloads, as nothing runs when the only one is lost: got a; or accept the risk "single-node"',
    ]);
    expect(problems({ ...alone, acceptSingleNode: true })).toEqual([]);
    expect(problems({ ...alone, namespaces: namespaces("xl"), acceptSingleNode: true })[0]).toContain(
      "the quotas must fit the only node: short of",
    );
  });

  test("accepting a single node changes nothing when there are several", () => {
    expect(problems({ namespaces: namespaces("xl", "xl"), acceptSingleNode: true })).toEqual(
      problems({ namespaces: namespaces("xl", "xl") }),
    );
  });

  test("a node that cannot hold its own platform pods", () => {
    expect(problems({ nodes: [...three, controlPlane("tiny", "1", "2Gi")] })).toEqual([
      "capacity: node tiny: must hold its own platform pods: lacks 460m cpu",
      "capacity: node tiny: must hold its own platform pods: lacks 2112Mi memory",
    ]);
  });

  test("a container that no node is left for", () => {
    const small = Array.from({ length: 8 }, (_, index) => worker(`w${index}`, "4", "6Gi"));
    expect(problems({ nodes: small, namespaces: namespaces("s", "l") })).toEqual([
      "capacity: namespace n1 (l): a container may request 6Gi memory, and 4Gi is the most that a node has left",
    ]);
  });

  test("at synth", () => {
    const stack = new TerraformStack(Testing.app(), "test");
    addCapacityCheck(stack, { nodes: three, controlPlane: "converged", namespaces: namespaces("xl", "xl") });
    expect(() => Testing.synth(stack, true)).toThrow(/short of 2570m cpu and 5260Mi memory/);
  });
});

describe("in general", () => {
  const size = fc.constantFrom<NamespaceSize>("xs", "s", "m", "l", "xl");
  const node = fc
    .record({
      role: fc.constantFrom("controlplane" as const, "worker" as const),
      cpu: fc.integer({ min: 2, max: 16 }).map(String),
      memory: fc.integer({ min: 5, max: 64 }).map((gibibytes) => `${gibibytes}Gi`),
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
});
