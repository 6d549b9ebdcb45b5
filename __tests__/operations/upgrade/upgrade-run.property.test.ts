import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Journal } from "../../../operations/upgrade/journal.ts";
import type { UpgradeDependencies } from "../../../operations/upgrade/upgrade-run.ts";
import { labCluster, NOTHING, operate, prepare, type Scenario, scenario } from "./operator.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import { FAULTS } from "./simulated-node.ts";
import { isWhole } from "./simulated-state.ts";

/** Every command when 1, which takes minutes. */
const STRIDE = Number(process.env.UPGRADE_FAULT_STRIDE ?? 29);

type Change = (dependencies: UpgradeDependencies) => UpgradeDependencies;

const outcome = async (given: Scenario, change?: Change) => {
  const cluster = labCluster();
  prepare(cluster, given);
  return { cluster, ...(await operate(cluster, given.pause, change)) };
};

const isInOrder = ({ upgradeOrder }: SimulatedCluster): boolean => {
  const firsts = upgradeOrder.filter((name, index) => upgradeOrder.indexOf(name) === index);
  return firsts.join() === "bea,cleo,ada,dora";
};

describe("whatever fails where", () => {
  test("no node goes down beside another, without full quorum, a drain and a snapshot, or twice; and in the end all are there", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { cluster, done, doubts } = await outcome(given);
        expect(cluster.violations).toEqual([]);
        expect(cluster.mostControlPlanesAway).toBeLessThanOrEqual(1);
        expect({ done, whole: isWhole(cluster), inOrder: isInOrder(cluster), doubts }).toMatchObject({
          done: true,
          whole: true,
          inOrder: true,
        });
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  test("a fault of each kind, at commands all through the run", async () => {
    const { cluster } = await outcome(NOTHING);
    const steps = cluster.steps;
    for (const fault of FAULTS) {
      for (let step = FAULTS.indexOf(fault) * 2; step < steps; step += STRIDE) {
        const result = await outcome({ ...NOTHING, faults: [[step, fault]], pause: 5 });
        const { violations, nodes } = result.cluster;
        expect({ fault, step, violations, done: result.done }).toEqual({
          fault,
          step,
          violations: [],
          done: true,
        });
        expect({ fault, step, upgrades: nodes.map(({ upgrades }) => upgrades) }).toEqual({
          fault,
          step,
          upgrades: [1, 1, 1, 1],
        });
      }
    }
  }, 240_000);
});

/** Foundations of the run, taken away one at a time: then the properties must break. */
const without: Record<string, Change> = {
  "what etcd says": (dependencies) =>
    withTalosctl(dependencies, {
      etcdStatus: async () => healthy.etcdStatus(),
      etcdMembers: async () => healthy.etcdMembers(),
    }),
  "what Kubernetes says of nodes": (dependencies) => {
    const { kubectl } = dependencies;
    const nodes = async () =>
      (await kubectl.nodes()).map((node) => ({ ...node, ready: true, cordoned: false }));
    const cilium = async () => ({ observed: true, desired: 4, ready: 4, updated: 4 });
    const staticPods = async () => (await kubectl.staticPods()).map((pod) => ({ ...pod, ready: true }));
    return {
      ...dependencies,
      kubectl: replaced(kubectl, { nodes, cilium, staticPods, ciliumAgent: async () => {} }),
    };
  },
  "the size of the snapshot's file": (dependencies) =>
    withTalosctl(
      { ...dependencies, fileSize: () => 1 },
      {
        snapshot: async (node, path) => {
          await dependencies.talosctl.snapshot(node, path);
          return { path, bytes: 1, hash: "00000000", revision: 1, keys: 1 };
        },
      },
    ),
  "the drain": (dependencies) => ({
    ...dependencies,
    kubectl: replaced(dependencies.kubectl, { drain: async () => {} }),
  }),
  "the journal's memory of what was sent": (dependencies) => ({
    ...dependencies,
    patience: { machine: 0, health: 0, inFlight: 0 },
    journal: {
      read: () => {
        const journal = dependencies.journal.read();
        return journal && ({ ...journal, inFlight: null, cordoned: null } satisfies Journal);
      },
      write: (journal) => dependencies.journal.write(journal),
    },
  }),
};

const replaced = <T extends object>(target: T, methods: Partial<T>): T =>
  new Proxy(target, {
    get: (object, key) => {
      const value = Reflect.get(methods, key) ?? Reflect.get(object, key);
      return typeof value === "function" ? value.bind(object) : value;
    },
  });

const withTalosctl = (
  dependencies: UpgradeDependencies,
  methods: Partial<UpgradeDependencies["talosctl"]>,
): UpgradeDependencies => ({ ...dependencies, talosctl: replaced(dependencies.talosctl, methods) });

const healthy = labCluster().dependencies.talosctl;

describe("the properties would notice", () => {
  test.each(Object.keys(without))(
    "a run without %s",
    async (name) => {
      const property = fc.asyncProperty(scenario, async (given) => {
        const { cluster, done } = await outcome(given, without[name]);
        expect(cluster.violations).toEqual([]);
        expect(done && isWhole(cluster)).toBe(true);
      });
      const { failed } = await fc.check(property, { numRuns: 200, endOnFailure: true });
      expect(failed).toBe(true);
    },
    120_000,
  );
});
