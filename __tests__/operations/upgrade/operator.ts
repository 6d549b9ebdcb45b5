/** Someone who runs the upgrade again and again, and breaks the cluster in between. */
import * as fc from "fast-check";
import { parseEnvironment } from "../../../environments/schema.ts";
import { Doubt } from "../../../lib/core/process/command.ts";
import { inventoryOf } from "../../../operations/talos/inventory.ts";
import { runUpgrade, type UpgradeDependencies } from "../../../operations/upgrade/upgrade-run.ts";
import { lab } from "../../environments/lab.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";
import { Crash, FAULTS, type Fault, MINUTE, RESTARTS, type Restart } from "./simulated-node.ts";

const MOST_RUNS = 250;

/** A node that goes wrong by itself, for a while. */
export interface Accident {
  readonly minute: number;
  readonly node: string;
  readonly kind: "etcd" | "not-ready" | "power" | "cordon";
  readonly minutes: number;
}

export interface Scenario {
  /** By the number of the command, or of the write of the journal. */
  readonly faults: readonly (readonly [number, Fault])[];
  readonly restarts: readonly Restart[];
  readonly accidents: readonly Accident[];
  readonly emptySnapshots: number;
  /** Between two runs, in minutes. */
  readonly pause: number;
}

export const NOTHING: Scenario = { faults: [], restarts: [], accidents: [], emptySnapshots: 0, pause: 15 };

const accident = fc.record({
  minute: fc.integer({ min: 0, max: 60 }),
  node: fc.constantFrom("ada", "bea", "cleo", "dora"),
  kind: fc.constantFrom("etcd", "not-ready", "power", "cordon" as const),
  minutes: fc.integer({ min: 1, max: 40 }),
}) as fc.Arbitrary<Accident>;

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  faults: fc.array(fc.tuple(fc.integer({ min: 0, max: 700 }), fc.constantFrom(...FAULTS)), { maxLength: 6 }),
  restarts: fc.array(fc.constantFrom(...RESTARTS), { maxLength: 5 }),
  accidents: fc.array(accident, { maxLength: 3 }),
  emptySnapshots: fc.integer({ min: 0, max: 2 }),
  pause: fc.constantFrom(1, 5, 30),
});

export const labCluster = (): SimulatedCluster =>
  new SimulatedCluster(inventoryOf(parseEnvironment(lab())), { talos: "v1.11.6", kubernetes: "v1.32.4" });

const happen = (cluster: SimulatedCluster, { node: name, kind, minute, minutes }: Accident): void => {
  const node = cluster.node(name);
  const isControlPlane = node.role === "controlplane";
  const broken = {
    etcd: { etcd: false },
    "not-ready": { ready: false },
    power: { up: false, etcd: false, ready: false },
    cordon: { cordoned: true },
  }[kind];
  const whole = {
    etcd: { etcd: isControlPlane },
    "not-ready": { ready: true },
    power: { up: true, etcd: isControlPlane, ready: true },
    cordon: { cordoned: false },
  }[kind];
  cluster.at(minute * MINUTE, () => {
    if (!node.leaving) Object.assign(node, broken);
  });
  cluster.at((minute + minutes) * MINUTE, () => {
    if (!node.leaving) Object.assign(node, whole);
  });
};

export const prepare = (cluster: SimulatedCluster, scenario: Scenario): void => {
  for (const [step, fault] of scenario.faults) cluster.faults.set(step, fault);
  cluster.restarts.push(...scenario.restarts);
  cluster.emptySnapshots = scenario.emptySnapshots;
  for (const each of scenario.accidents) happen(cluster, each);
};

/** Runs until it is done. The doubts of the runs that stopped; `done` is false when no run came to the end. */
export const operate = async (
  cluster: SimulatedCluster,
  pause: number,
  change: (dependencies: UpgradeDependencies) => UpgradeDependencies = (dependencies) => dependencies,
): Promise<{ done: boolean; doubts: string[] }> => {
  const doubts: string[] = [];
  for (let run = 0; run < MOST_RUNS; run++) {
    try {
      await runUpgrade(cluster.inventory, change(cluster.dependencies));
      return { done: true, doubts };
    } catch (error) {
      if (error instanceof Doubt) doubts.push(error.message);
      else if (!(error instanceof Crash)) throw error;
    }
    cluster.advance(pause * MINUTE);
  }
  return { done: false, doubts };
};
