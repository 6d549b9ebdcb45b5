import { describe, expect, test } from "vitest";
import { type HealthExpectation, healthProblems, membersOf } from "../../../operations/upgrade/health.ts";
import { type Observation, observe } from "../../../operations/upgrade/observation.ts";
import { labCluster } from "./operator.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";

const seen = async (
  change: (cluster: SimulatedCluster) => void = () => {},
): Promise<[SimulatedCluster, Observation]> => {
  const cluster = labCluster();
  change(cluster);
  return [cluster, await observe(cluster.dependencies, cluster.inventory)];
};

const problems = async (
  change: (observation: Observation) => Partial<Observation>,
  expectation?: HealthExpectation,
): Promise<string[]> => {
  const [{ inventory }, observation] = await seen();
  return healthProblems(inventory, { ...observation, ...change(observation) }, expectation);
};

const first = <T>([value, ...others]: readonly T[] = [], change: Partial<T>): T[] => [
  { ...value, ...change } as T,
  ...others,
];

test("a cluster that is well has no problems", async () => {
  expect(await problems(() => ({}))).toEqual([]);
});

describe("etcd", () => {
  test.each([
    ["a learner", { learner: true }, "etcd: bea must vote: got a learner"],
    ["an error", { errors: "NOSPACE" }, "etcd: bea must have no errors: got NOSPACE"],
    ["another term", { raftTerm: 9 }, "etcd: cleo must be in term 9: got 4"],
    ["a lag", { appliedIndex: 1 }, "etcd: bea must have applied what is written: got 53390 entries behind"],
    [
      "a full database",
      { size: 2e9 },
      "etcd: bea must keep below 90 % of its quota, defragment it: got 2000000000 bytes",
    ],
    [
      "no leader",
      { leader: "0000000000000000" },
      "etcd: bea must follow the one leader a49c021e76e707d0: got 0000000000000000",
    ],
    ["another node", { node: "10.9.9.9" }, "etcd: bea must answer once: got 0 answers"],
    [
      "another member",
      { member: "ffffffffffffffff" },
      "etcd: bea must be the member ffffffffffffffff in its own list",
    ],
  ])("%s", async (_, change, message) => {
    expect(await problems(({ etcdStatus }) => ({ etcdStatus: first(etcdStatus, change) }))).toContain(
      message,
    );
  });

  test("a control plane that answers twice", async () => {
    const found = await problems(({ etcdStatus = [] }) => ({
      etcdStatus: [...etcdStatus, ...etcdStatus.slice(0, 1)],
    }));
    expect(found).toEqual(["etcd: bea must answer once: got 2 answers"]);
  });

  test("a view without a member, with a stranger's address, with a learner", async () => {
    const expected = "cleo at https://10.1.10.13:2380";
    expect(await problems(({ etcdMembers = [] }) => ({ etcdMembers: etcdMembers.slice(1) }))).toEqual([
      expect.stringMatching(/^etcd: bea must see the members .*: got ada at \S+ cleo at \S+$/),
      expect.stringMatching(/^etcd: bea must be the member/),
    ]);
    expect(
      await problems(({ etcdMembers }) => ({
        etcdMembers: first(etcdMembers, { peerUrls: ["https://10.9.9.9:2380"] }),
      })),
    ).toEqual([expect.stringContaining(`${expected}: got`)]);
    expect(
      await problems(({ etcdMembers }) => ({ etcdMembers: first(etcdMembers, { learner: true }) })),
    ).toEqual(["etcd: bea must see no learner: got bea"]);
  });

  test("an alarm", async () => {
    expect(await problems(() => ({ etcdAlarms: ["10.1.10.12 a49c NOSPACE"] }))).toEqual([
      "etcd: must have no alarms: got 10.1.10.12 a49c NOSPACE",
    ]);
  });

  test("members that changed since the run began", async () => {
    const [, observation] = await seen();
    const members = membersOf(observation);
    expect(await problems(() => ({}), { members })).toEqual([]);
    expect(await problems(() => ({}), { members: members.slice(1) })).toEqual([
      expect.stringMatching(/^etcd: must have the members of this run's start/),
    ]);
  });
});

describe("Kubernetes", () => {
  test.each([
    ["NotReady", { ready: false }, "bea: must be Ready"],
    ["cordoned", { cordoned: true }, "bea: must not be cordoned"],
    [
      "short of memory",
      { pressures: ["MemoryPressure"] },
      "bea: must be without pressure: got MemoryPressure",
    ],
    ["of another role", { role: "worker" as const }, "bea: must be a controlplane: got a worker"],
    ["elsewhere", { address: "10.9.9.9" }, "bea: must have the address 10.1.10.12: got 10.9.9.9"],
    ["as before a restart", { bootId: "old" }, "bea: Kubernetes must know its last restart"],
  ])("a node that is %s", async (_, change, message) => {
    expect(await problems(({ nodes }) => ({ nodes: first(nodes, change) }))).toEqual([message]);
  });

  test("the node that this run cordoned may be so", async () => {
    const cordoned = ({ nodes }: Observation) => ({ nodes: first(nodes, { cordoned: true }) });
    expect(await problems(cordoned, { cordoned: "bea" })).toEqual([]);
    expect(await problems(cordoned, { cordoned: "ada" })).toEqual(["bea: must not be cordoned"]);
  });

  test("a node too many, and one too few", async () => {
    const found = await problems(({ nodes }) => ({ nodes: first(nodes, { name: "zoe" }) }));
    expect(found).toEqual(["zoe: must be a node of the environment", "bea: must be a node of Kubernetes"]);
  });

  test("a control plane's component that is not Ready", async () => {
    const found = await problems(({ staticPods }) => ({ staticPods: first(staticPods, { ready: false }) }));
    expect(found).toEqual(["bea: its kube-apiserver must be Ready"]);
  });

  test.each([
    [{ observed: true, desired: 4, ready: 3, updated: 4 }],
    [{ observed: true, desired: 4, ready: 4, updated: 3 }],
    [{ observed: true, desired: 3, ready: 3, updated: 3 }],
    [{ observed: false, desired: 4, ready: 4, updated: 4 }],
  ])("Cilium %j", async (cilium) => {
    expect(await problems(() => ({ cilium }))).toEqual([
      expect.stringMatching(/^Cilium: must be ready and current on 4 nodes/),
    ]);
  });
});

describe("machines and clocks", () => {
  test("a machine that is on its way, or not ready", async () => {
    const [cluster, observation] = await seen(({ nodes }) => {
      for (const node of nodes.slice(0, 1)) node.stage = "upgrading";
    });
    expect(healthProblems(cluster.inventory, observation)).toEqual([
      "bea: must be running and ready: got upgrading, ready false",
    ]);
  });

  test.each([
    [{ stage: "upgrading", ready: true }, "bea: must be running and ready: got upgrading, ready true"],
    [{ stage: "running", ready: false }, "bea: must be running and ready: got running, ready false"],
  ])("a machine with status %j", async (status, message) => {
    const found = await problems(({ machines }) => ({
      machines: new Map(
        [...machines].map(([name, machine]) => [name, name === "bea" ? { ...machine, status } : machine]),
      ),
    }));
    expect(found).toEqual([message]);
  });

  test("a clock that is off, from its server or from the others", async () => {
    const off = ({ times = [] }: Observation) => ({
      times: times.map((row, index) => (index === 0 ? { ...row, time: row.time + 6_000 } : row)),
    });
    expect(await problems(off)).toEqual(["bea: its clock must be right: got 6 s off"]);
    expect(await problems(({ times }) => ({ times: times?.slice(1) }))).toEqual(["bea: must tell its time"]);
  });

  test("what cannot be read is a problem of its own", async () => {
    const [cluster, observation] = await seen(({ nodes }) => {
      for (const node of nodes.slice(0, 1)) Object.assign(node, { up: false, etcd: false });
    });
    const found = healthProblems(cluster.inventory, observation);
    expect(found).toContain("bea: its Talos API must answer");
    expect(found).toContainEqual(
      expect.stringMatching(/^cannot be read: talosctl .*10.1.10.12 .*: exit code 1/),
    );
    expect(found).toContain("etcd: bea must answer once: got 0 answers");
    expect(found).toContainEqual(expect.stringMatching(/^etcd: must have no alarms: got WARNING/));
  });
});
