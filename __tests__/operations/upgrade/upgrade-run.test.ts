import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { Doubt } from "../../../lib/core/process/command.ts";
import { inventoryOf } from "../../../operations/talos/inventory.ts";
import { runUpgrade } from "../../../operations/upgrade/upgrade-run.ts";
import { lab } from "../../environments/lab.ts";
import { labCluster } from "./operator.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";
import { type Fault, MINUTE } from "./simulated-node.ts";
import { isWhole } from "./simulated-state.ts";

const run = async (cluster: SimulatedCluster): Promise<string> => {
  try {
    await runUpgrade(cluster.inventory, cluster.dependencies);
    return "done";
  } catch (error) {
    if (error instanceof Doubt) return error.message;
    throw error;
  }
};

const faulty = (pattern: RegExp, fault: Fault): SimulatedCluster => {
  const cluster = labCluster();
  cluster.faultsOn.push([pattern, fault]);
  return cluster;
};

const upgrades = ({ nodes }: SimulatedCluster): number[] => nodes.map((node) => node.upgrades);

/** A second run brings everything to its end, with one upgrade for each node. */
const resumed = async (cluster: SimulatedCluster): Promise<void> => {
  expect(await run(cluster)).toBe("done");
  expect({ whole: isWhole(cluster), upgrades: upgrades(cluster), violations: cluster.violations }).toEqual({
    whole: true,
    upgrades: [1, 1, 1, 1],
    violations: [],
  });
};

describe("before the upgrade of a node", () => {
  test("a snapshot that is empty, or is not where it should be", async () => {
    const empty = labCluster();
    empty.emptySnapshots = 1;
    expect(await run(empty)).toMatch(/^\/snapshots\/lab-bea-.*must be a snapshot of 0 bytes with keys/);
    const lost = labCluster();
    const dependencies = { ...lost.dependencies, fileSize: () => undefined };
    await expect(runUpgrade(lost.inventory, dependencies)).rejects.toThrow(/got no file/);
    for (const cluster of [empty, lost]) {
      expect(cluster.nodes.some(({ cordoned }) => cordoned)).toBe(false);
      await resumed(cluster);
    }
  });

  test("the snapshot is of a control plane that stays up", async () => {
    const cluster = labCluster();
    await run(cluster);
    const of = (name: string) =>
      cluster.commands.find((command) => command.includes(`etcd snapshot /snapshots/lab-${name}`));
    expect(of("bea")).toContain("--nodes 10.1.10.13 ");
    expect(of("cleo")).toContain("--nodes 10.1.10.12 ");
  });

  test("an image that the node cannot pull stops the run with nothing cordoned", async () => {
    const cluster = faulty(/image pull /, "fail");
    expect(await run(cluster)).toMatch(/image pull --namespace system .*: exit code 1: injected$/);
    expect(cluster.commands.some((command) => /drain|snapshot|upgrade --image/.test(command))).toBe(false);
    expect(cluster.nodes.some(({ cordoned }) => cordoned)).toBe(false);
    await resumed(cluster);
  });

  test("a drain that fails leaves the node as it was", async () => {
    const cluster = faulty(/^drain bea/, "fail-after");
    expect(await run(cluster)).toMatch(/^kubectl drain bea .*: exit code 1: injected$/);
    expect(cluster.node("bea").cordoned).toBe(false);
    expect(cluster.journal).toMatchObject({ cordoned: null, inFlight: null });
    await resumed(cluster);
  });

  test("a drain that does nothing", async () => {
    const cluster = faulty(/^drain bea/, "empty");
    expect(await run(cluster)).toBe("bea: must be cordoned after kubectl drain");
    expect(upgrades(cluster)).toEqual([0, 0, 0, 0]);
    await resumed(cluster);
  });

  test("another node that falls ill during the drain", async () => {
    const cluster = labCluster();
    cluster.at(30_000, () => {
      cluster.node("cleo").etcd = false;
    });
    expect(await run(cluster)).toContain("etcd: cleo must answer once: got 0 answers");
    expect(upgrades(cluster)).toEqual([0, 0, 0, 0]);
    expect(cluster.node("bea").cordoned).toBe(false);
  });

  test("a Cilium agent that is not well, although its pod is Ready", async () => {
    const cluster = faulty(/exec cilium-dora /, "garbage");
    expect(await run(cluster)).toMatch(/^dora: Cilium says /);
    await resumed(cluster);
  });
});

describe("the upgrade of a node", () => {
  test("that is refused: the node stays cordoned, the next run sends it again", async () => {
    const cluster = faulty(/upgrade --image/, "fail");
    expect(await run(cluster)).toMatch(/upgrade --image .*: exit code 1: injected$/);
    expect(cluster.journal).toMatchObject({ cordoned: "bea", inFlight: { node: "bea" } });
    await resumed(cluster);
    expect(cluster.lines).toContain("bea: it had no effect");
  });

  test("that says it is done, and is not", async () => {
    const cluster = faulty(/upgrade --image/, "empty");
    expect(await run(cluster)).toMatch(/^bea: must run .* within 20 minutes: it has not restarted$/);
    await resumed(cluster);
  });

  test("that goes on after talosctl has broken off", async () => {
    const cluster = faulty(/upgrade --image/, "fail-after");
    expect(await run(cluster)).toMatch(/injected$/);
    await resumed(cluster);
    expect(cluster.lines).not.toContain("bea: it had no effect");
  });

  test.each(["rolled-back", "wrong-image"] as const)(
    "that ends %s: it stops, and tries once more in the next run",
    async (restart) => {
      const cluster = labCluster();
      cluster.restarts.push(restart);
      expect(await run(cluster)).toMatch(
        /^bea: restarted with v1.1\d.\d, schematic .*: Talos may have rolled back/,
      );
      expect(upgrades(cluster)).toEqual([1, 0, 0, 0]);
      cluster.advance(MINUTE);
      expect(await run(cluster)).toBe("done");
      expect(upgrades(cluster)).toEqual([2, 1, 1, 1]);
    },
  );

  test("after which etcd takes longer than the node: the run waits", async () => {
    const cluster = labCluster();
    cluster.restarts.push("slow-etcd");
    expect(await run(cluster)).toBe("done");
  });

  test("that undoes itself later in the run", async () => {
    const cluster = labCluster();
    cluster.at(13 * MINUTE, () => {
      cluster.node("bea").version = "v1.11.6";
    });
    expect(await run(cluster)).toBe(
      "bea: was upgraded in this run and is at v1.11.6 again: it may have rolled back",
    );
    expect(cluster.node("bea").upgrades).toBe(1);
  });

  test("and an uncordon that does nothing", async () => {
    const cluster = faulty(/^uncordon bea/, "empty");
    expect(await run(cluster)).toBe("bea: must not be cordoned after kubectl uncordon");
    expect(cluster.journal).toMatchObject({ cordoned: "bea", inFlight: null });
    await resumed(cluster);
  });
});

describe("the first node of a run restarts through its firmware", () => {
  test("before the second node is begun, and no other node does", async () => {
    const cluster = labCluster();
    expect(await run(cluster)).toBe("done");
    expect(cluster.throughFirmware).toEqual(["bea"]);
    const order = cluster.commands.flatMap(
      (line) => /(reboot --mode powercycle|upgrade --image)/.exec(line)?.[1] ?? [],
    );
    expect(order.slice(0, 3)).toEqual(["upgrade --image", "reboot --mode powercycle", "upgrade --image"]);
    expect(cluster.journal?.firmware).toMatchObject({ node: "bea", seenAt: expect.any(String) });
  });

  test("a node that was upgraded by hand, or by a run whose journal is gone, gives the proof first", async () => {
    const cluster = labCluster();
    const bea = cluster.inventory.nodes.find(({ name }) => name === "bea");
    Object.assign(cluster.node("bea"), { version: "v1.12.4", runs: bea?.schematic });
    expect(await run(cluster)).toBe("done");
    expect(cluster.throughFirmware[0]).toBe("bea");
    const order = cluster.commands.flatMap(
      (line) => /(reboot --mode powercycle|upgrade --image)/.exec(line)?.[1] ?? [],
    );
    expect(order.slice(0, 2)).toEqual(["reboot --mode powercycle", "upgrade --image"]);
    expect(upgrades(cluster)).toEqual([0, 1, 1, 1]);
  });

  test("a broken-off proof of such a node goes on", async () => {
    const cluster = faulty(/reboot --mode/, "fail");
    const bea = cluster.inventory.nodes.find(({ name }) => name === "bea");
    Object.assign(cluster.node("bea"), { version: "v1.12.4", runs: bea?.schematic });
    expect(await run(cluster)).toMatch(/injected$/);
    expect(upgrades(cluster)).toEqual([0, 0, 0, 0]);
    expect(await run(cluster)).toBe("done");
    expect(cluster.throughFirmware).toEqual(["bea"]);
    expect(cluster.violations).toEqual([]);
  });

  test("a version that an earlier run proved asks nothing of nodes that have it", async () => {
    const cluster = labCluster();
    expect(await run(cluster)).toBe("done");
    cluster.node("dora").runs = "0".repeat(64);
    expect(await run(cluster)).toBe("done");
    expect(cluster.throughFirmware).toEqual(["bea", "dora"]);
  });

  test("one that never comes back stops the run, and no other node is begun", async () => {
    const cluster = labCluster();
    cluster.firmware.push("dead");
    expect(await run(cluster)).toMatch(/reboot --mode powercycle .*: no answer in time$/);
    expect(await run(cluster)).toMatch(/must be well again within 15 minutes/);
    expect(upgrades(cluster)).toEqual([1, 0, 0, 0]);
    expect(cluster.journal).toMatchObject({ cordoned: "bea", firmware: { node: "bea", seenAt: null } });
    cluster.advance(90 * MINUTE);
    await resumed(cluster);
    expect(cluster.throughFirmware).toEqual(["bea"]);
  });

  test("a restart that was not sent is sent by the next run", async () => {
    const cluster = faulty(/reboot --mode/, "fail");
    expect(await run(cluster)).toMatch(/reboot --mode powercycle .*: exit code 1: injected$/);
    await resumed(cluster);
    expect(cluster.throughFirmware).toEqual(["bea"]);
  });

  test("a disk that boots the old version stops the run", async () => {
    const cluster = labCluster();
    cluster.at(8 * MINUTE, () => {
      cluster.node("bea").version = "v1.11.6";
    });
    expect(await run(cluster)).toBe("bea: its firmware boots v1.11.6: Talos may have rolled back");
    expect(upgrades(cluster)).toEqual([1, 0, 0, 0]);
  });

  test("a command that says it is done, and is not", async () => {
    const cluster = faulty(/reboot --mode/, "empty");
    expect(await run(cluster)).toMatch(/^bea: must come back through its firmware .* it has not restarted$/);
    await resumed(cluster);
  });
});

describe("Kubernetes", () => {
  const DRY = /upgrade-k8s .*--dry-run$/;
  test("is tried dry, and stops there", async () => {
    const cluster = faulty(DRY, "fail");
    expect(await run(cluster)).toMatch(/--dry-run: exit code 1: injected$/);
    expect(cluster.nodes.map(({ kubelet }) => kubelet)).toEqual(Array(4).fill("v1.32.4"));
    await resumed(cluster);
  });

  test("must be there afterwards", async () => {
    const cluster = faulty(/upgrade-k8s --to 1\.33\.2 .*=false$/, "empty");
    expect(await run(cluster)).toMatch(/^Kubernetes must be v1.33.2 everywhere within 15 minutes: /);
    await resumed(cluster);
  });

  test("waits for a cluster that is well between the trial and the change", async () => {
    const cluster = labCluster();
    const { talosctl } = cluster.dependencies;
    const upgradeKubernetes = async (mode: "dry-run" | "apply") => {
      if (mode === "dry-run") cluster.node("dora").ready = false;
      await talosctl.upgradeKubernetes(mode);
    };
    const observed = new Proxy(talosctl, {
      get: (target, key) => {
        const value = key === "upgradeKubernetes" ? upgradeKubernetes : Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const dependencies = { ...cluster.dependencies, talosctl: observed };
    await expect(runUpgrade(cluster.inventory, dependencies)).rejects.toThrow(/dora: must be Ready/);
    expect(cluster.nodes.map(({ kubelet }) => kubelet)).toEqual(Array(4).fill("v1.32.4"));
  });
});

describe("members of etcd", () => {
  test("must stay those of the run's start", async () => {
    const cluster = labCluster();
    cluster.restarts.push("rolled-back");
    await run(cluster);
    cluster.node("cleo").member = "ffffffffffffffff";
    expect(await run(cluster)).toMatch(/etcd: must have the members of this run's start/);
  });

  test("must have no alarm", async () => {
    const cluster = labCluster();
    cluster.alarm = "NOSPACE";
    expect(await run(cluster)).toContain("etcd: bea must have no errors: got NOSPACE");
    expect(cluster.commands.some((command) => command.includes("drain"))).toBe(false);
  });
});

test("a cluster of one control plane is away while it restarts, and comes back", async () => {
  const nodes = lab().nodes.filter(({ name }) => name === "ada" || name === "dora");
  const inventory = inventoryOf(parseEnvironment({ ...lab(), nodes }));
  const cluster = new SimulatedCluster(inventory, { talos: "v1.11.6", kubernetes: "v1.32.4" });
  expect(await run(cluster)).toBe("done");
  expect({ whole: isWhole(cluster), order: cluster.upgradeOrder }).toEqual({
    whole: true,
    order: ["ada", "dora"],
  });
});

test("nothing is upgraded when all is there", async () => {
  const cluster = new SimulatedCluster(labCluster().inventory, { talos: "v1.12.4", kubernetes: "v1.33.2" });
  expect(await run(cluster)).toBe("done");
  expect(upgrades(cluster)).toEqual([0, 0, 0, 0]);
  expect(cluster.commands.some((command) => /snapshot|drain|upgrade/.test(command))).toBe(false);
});
