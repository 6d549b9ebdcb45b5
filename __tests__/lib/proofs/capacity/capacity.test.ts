import { describe, expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import type { NamespaceSize } from "../../../../lib/governance/sizes.ts";
import {
  assessCapacity,
  type CapacityNode,
  type CapacityProps,
} from "../../../../lib/proofs/capacity/capacity.ts";
import type { Compute } from "../../../../lib/proofs/capacity/capacity-shape.ts";
import { kubeletReservation, type NodeRole } from "../../../../lib/talos/reservations.ts";
import { environments } from "../../../stacks/homelab.ts";

const worker = (name: string, cpu = "8", memory = "16Gi"): CapacityNode => ({
  name,
  role: "worker",
  cpu: Quantity.parse(cpu),
  memory: Quantity.parse(memory),
});
const controlPlane = (name: string, cpu = "4", memory = "16Gi"): CapacityNode => ({
  name,
  role: "controlplane",
  cpu: Quantity.parse(cpu),
  memory: Quantity.parse(memory),
});
const namespaces = (...sizes: NamespaceSize[]) => sizes.map((size, index) => ({ name: `n${index}`, size }));
const shares = (props: CapacityProps) => assessCapacity(props).nodes.map(({ name }) => name);

describe("the environments", () => {
  test.each(environments())(
    "$name fits with one node lost, or on its only one, with headroom",
    (environment) => {
      const { problems, headroom } = assessCapacity({
        nodes: environment.nodes,
        controlPlane: environment.cluster.controlPlane,
        namespaces: environment.namespaces,
        acceptSingleNode: environment.nodes.length === 1,
      });
      expect(problems).toEqual([]);
      expect(headroom.cpu.toNumber()).toBeGreaterThan(0);
      expect(headroom.memory.toNumber()).toBeGreaterThan(0);
    },
  );
});

describe("the arithmetic", () => {
  const props: CapacityProps = {
    controlPlane: "converged",
    nodes: [controlPlane("a"), controlPlane("b"), controlPlane("c"), worker("fast", "8", "8Gi")],
    namespaces: namespaces("s", "m"),
  };

  test("takes firmware, reservations, eviction, static pods and DaemonSets off each node", () => {
    const [first, , , fast] = assessCapacity(props).nodes;
    const amount = ({ cpu, memory }: Compute) => [String(cpu), String(memory)];
    const sum = (...parts: string[]) => String(Quantity.sum(parts.map((part) => Quantity.parse(part))));
    const reserved = (role: NodeRole) => {
      const { systemReserved, kubeReserved, evictionMemory } = kubeletReservation(role, "converged");
      return [
        sum(systemReserved.cpu, kubeReserved.cpu),
        sum(systemReserved.memory, kubeReserved.memory),
        sum(evictionMemory),
      ];
    };
    expect(first && amount(first.firmware)).toEqual(["0", "1Gi"]);
    expect(first && [...amount(first.kubelet), String(first.eviction.memory)]).toEqual(
      reserved("controlplane"),
    );
    expect(fast && [...amount(fast.kubelet), String(fast.eviction.memory)]).toEqual(reserved("worker"));
    expect(fast?.staticPods.cpu.isZero && fast.staticPods.memory.isZero).toBe(true);
    expect(first?.staticPods.memory.isZero).toBe(false);
    for (const node of assessCapacity(props).nodes) {
      for (const resource of ["cpu", "memory"] as const) {
        const taken = [node.firmware, node.kubelet, node.eviction, node.staticPods, node.daemonSets];
        const rest = node.capacity[resource].minus(Quantity.sum(taken.map((part) => part[resource])));
        expect(node.free[resource].equals(rest)).toBe(true);
      }
    }
  });

  test("loses the largest node, for each resource by itself", () => {
    const { lost } = assessCapacity(props);
    expect(lost.cpu?.name).toBe("fast");
    expect(lost.memory?.name).toBe("a");
  });

  test("headroom is what the rest leaves", () => {
    const { headroom, platform, quotas, nodes } = assessCapacity(props);
    const [a, b, c, fast] = nodes.map(({ free }) => free) as [Compute, Compute, Compute, Compute];
    expect([String(quotas.cpu), String(quotas.memory)]).toEqual(["1500m", "4Gi"]);
    const left = (free: Compute[], resource: "cpu" | "memory") =>
      Quantity.sum(free.map((amount) => amount[resource]))
        .minus(platform[resource])
        .minus(quotas[resource]);
    expect(headroom.cpu.equals(left([a, b, c], "cpu"))).toBe(true);
    expect(headroom.memory.equals(left([b, c, fast], "memory"))).toBe(true);
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

  const tooMuch = namespaces("xl", "xl");
  const { headroom } = assessCapacity({ nodes: three, controlPlane: "converged", namespaces: tooMuch });
  const short = `short of ${String(headroom.cpu).slice(1)} cpu and ${String(headroom.memory).slice(1)} memory`;

  test("quotas that do not fit, with every term of the sum", () => {
    const [problem = "", ...others] = problems({ namespaces: tooMuch });
    expect(others).toEqual([]);
    expect(problem.split("\n")[0]).toBe(`capacity: the quotas must fit with one node lost: ${short}`);
    const terms = [
      "a ",
      "b ",
      "c ",
      "- lost: a",
      "- platform pods",
      "- quotas of 2 namespaces",
      "= headroom",
    ];
    for (const term of terms) {
      expect(problem.split("\n").filter((line) => line.startsWith(term))).toHaveLength(2);
    }
    expect(problem).toMatch(new RegExp(`= headroom +${headroom.cpu}\n`));
    expect(problem).toMatch(new RegExp(`= headroom +${headroom.memory}$`));
  });

  test("dedicated control planes without a worker", () => {
    expect(problems({ controlPlane: "dedicated" })).toEqual([
      "capacity: needs a node that takes workloads: got 3 dedicated control planes and no worker",
    ]);
  });

  test("a single node that takes workloads, unless accepted", () => {
    const alone = { nodes: [controlPlane("a")], namespaces: namespaces("s") };
    expect(problems(alone)).toEqual([
      "capacity: needs a second node that takes workloads, as nothing runs when the only one is lost: got a",
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
      expect.stringMatching(/^capacity: node tiny: must hold its own platform pods: lacks \d+m cpu$/),
      expect.stringMatching(/^capacity: node tiny: must hold its own platform pods: lacks \d+Mi memory$/),
    ]);
  });

  test("a container that no node is left for", () => {
    const small = Array.from({ length: 8 }, (_, index) => worker(`w${index}`, "4", "6Gi"));
    expect(problems({ nodes: small, namespaces: namespaces("s", "l") })).toEqual([
      expect.stringMatching(
        /^capacity: namespace n1 \(l\): a container may request 6Gi memory, and \d+Mi is the most that a node has left$/,
      ),
    ]);
  });

  test("a container that only the lost node could take", () => {
    const small = Array.from({ length: 7 }, (_, index) => worker(`w${index}`, "4", "6Gi"));
    expect(problems({ nodes: [...small, worker("big", "4", "32Gi")], namespaces: namespaces("l") })).toEqual([
      expect.stringMatching(/^capacity: namespace n0 \(l\): a container may request 6Gi memory/),
    ]);
  });

  test("names the environment that it is told", () => {
    expect(problems({ namespaces: tooMuch, environment: "lab" })[0]).toMatch(
      /^capacity: lab: the quotas must fit with one node lost/,
    );
  });
});
