import { join } from "node:path";
import { Doubt } from "../../lib/core/process/command.ts";
import { controlPlanesOf, type Inventory, type InventoryNode } from "../talos/inventory.ts";
import { healthProblems, membersOf } from "./health.ts";
import { type Journal, type JournalStore, resumeOrBegin } from "./journal.ts";
import {
  type MachineObservation,
  type Observation,
  observe,
  observeMachine,
  type Tools,
} from "./observation.ts";
import { isUpgraded, kubernetesVersions, planUpgrade, type UpgradeStep } from "./upgrade-plan.ts";

const POLL = 10_000;
const MINUTE = 60_000;

export interface UpgradeDependencies extends Tools {
  readonly journal: JournalStore;
  readonly clock: { now(): number; sleep(milliseconds: number): Promise<void> };
  /** The directory for snapshots. They hold every Secret of the cluster. */
  readonly snapshotDirectory: string;
  /** Bytes of a file; undefined when there is none. */
  readonly fileSize: (path: string) => number | undefined;
  readonly log: (line: string) => void;
  /** The longest waits, in minutes. */
  readonly patience?: {
    /** Wait for a machine to come back. @default 20 */
    readonly machine?: number;
    /** Wait for etcd, Kubernetes and Cilium to be well again. @default 15 */
    readonly health?: number;
    /** Wait for an upgrade that an earlier run sent to show an effect. @default 5 */
    readonly inFlight?: number;
  };
}

/**
 * Brings a cluster to its versions, one node at a time. Throws a `Doubt` as soon as anything is wrong or cannot be
 * told; a later run goes on from what it finds.
 *
 * One node: look at everything; have the node pull its image, so that a missing one stops the run before a drain;
 * snapshot of etcd; drain; look again, since a drain takes minutes; upgrade; wait for the machine, then for Kubernetes,
 * etcd and Cilium.
 *
 * The first node of a run restarts once more, through its firmware. An upgrade restarts by kexec, and a machine that
 * came back that way may never boot from its disk again (siderolabs/talos#14146): the others wait for the proof. A node
 * that was brought to its image before, where no journal of that version has the proof, gives it first.
 *
 * The journal is written before what it announces. So after a crash at any point, the node that may be on its way is
 * known and is looked after first.
 */
export const runUpgrade = (inventory: Inventory, dependencies: UpgradeDependencies): Promise<void> => {
  const startedAt = new Date(dependencies.clock.now()).toISOString();
  const journal = resumeOrBegin(dependencies.journal, inventory, startedAt);
  return new UpgradeRun(inventory, dependencies, journal).run();
};

class UpgradeRun {
  constructor(
    private readonly inventory: Inventory,
    private readonly dependencies: UpgradeDependencies,
    private journal: Journal,
  ) {}

  async run(): Promise<void> {
    const talosctl = await this.dependencies.talosctl.clientVersion();
    await this.settle();
    for (;;) {
      const observation = await this.gate();
      const { steps, problems } = planUpgrade(this.inventory, observation, talosctl);
      refuse(problems);
      const [step] = steps;
      const { cordoned } = this.journal;
      const isForStep = step?.kind === "talos" && step.node.name === cordoned;
      if (cordoned !== null && !isForStep) {
        await this.finish(cordoned);
      } else if (step === undefined) {
        break;
      } else {
        await this.perform(step, observation);
      }
    }
    this.note({ finishedAt: this.time() });
  }

  private async perform(step: UpgradeStep, observation: Observation): Promise<void> {
    if (step.kind === "kubernetes") return this.upgradeKubernetes(step.from);
    const unproven = this.unprovenBy(observation);
    if (unproven) return this.proveEarlier(unproven);
    const { name } = step.node;
    if (this.journal.upgraded.some(({ node }) => node === name)) {
      throw new Doubt(
        `${name}: was upgraded in this run and is at ${step.from} again: it may have rolled back`,
      );
    }
    return this.upgradeNode(step.node, step.from);
  }

  private async upgradeNode(node: InventoryNode, from: string): Promise<void> {
    const { talosctl } = this.dependencies;
    this.say(`${node.name}: ${from} to ${this.inventory.target.talos}`);
    await talosctl.pullImage(node);
    this.say(`${node.name}: has pulled ${node.image}`);
    await this.snapshot(node.name, node);
    await this.drain(node);
    const { machines } = await this.orUncordon(node, () => this.gateOfDrained(node));
    const bootId = machines.get(node.name)?.bootId ?? "";
    this.note({ inFlight: { node: node.name, bootId, sentAt: this.time() } });
    this.say(`${node.name}: upgrade, with a restart`);
    await talosctl.upgrade(node);
    await this.awaitMachine(node, bootId, from);
  }

  /** Waits until the machine runs its image after a restart, and everything is well with it. */
  private async awaitMachine(node: InventoryNode, bootId: string, from: string): Promise<void> {
    const { machine = 20 } = this.dependencies.patience ?? {};
    await this.until(machine, `${node.name}: must run ${node.image}`, async () => {
      const seen = await this.restarted(node, bootId);
      if (typeof seen === "string") return seen;
      if (!isUpgraded(this.inventory, node, seen)) {
        this.note({ inFlight: null });
        throw new Final(
          `${node.name}: restarted with ${seen.version}, schematic ${seen.schematic ?? "unknown"}: Talos may have rolled back; see talosctl dmesg`,
        );
      }
      return undefined;
    });
    const upgraded = [...this.journal.upgraded, { node: node.name, from, at: this.time() }];
    this.note({ inFlight: null, upgraded });
    this.say(`${node.name}: runs ${this.inventory.target.talos}`);
    await this.awaitNode(node);
    await this.throughFirmware(node);
    await this.release(node.name);
  }

  /** The machine once it has restarted and runs, or why it does not yet. */
  private async restarted(node: InventoryNode, bootId: string): Promise<MachineObservation | string> {
    const seen = await observeMachine(this.dependencies, node);
    if (seen.bootId === bootId) return "it has not restarted";
    if (seen.status.stage !== "running" || !seen.status.ready) return `it is ${seen.status.stage}`;
    return seen;
  }

  /** Restarts the first upgraded node of the run without kexec, and waits for it to come back on its image. */
  private async throughFirmware(node: InventoryNode): Promise<void> {
    if (this.journal.firmware?.seenAt) return;
    const machine = await observeMachine(this.dependencies, node);
    const pending = this.journal.firmware?.node === node.name ? this.journal.firmware : undefined;
    const firmware = pending ?? {
      node: node.name,
      bootId: machine.bootId,
      sentAt: this.time(),
      seenAt: null,
    };
    this.note({ firmware });
    if (machine.bootId === firmware.bootId) {
      await this.awaitHealth();
      // Somebody may have uncordoned it meanwhile.
      await this.dependencies.kubectl.drain(node.name);
      await this.gateOfDrained(node);
      this.say(`${node.name}: restart through its firmware, since an upgrade has only seen kexec`);
      await this.dependencies.talosctl.powerCycle(node);
    }
    const { machine: minutes = 20 } = this.dependencies.patience ?? {};
    const what = `${node.name}: must come back through its firmware (siderolabs/talos#14146; look at its console, and leave the other nodes alone)`;
    await this.until(minutes, what, async () => {
      const seen = await this.restarted(node, firmware.bootId);
      if (typeof seen === "string") return seen;
      if (isUpgraded(this.inventory, node, seen)) return undefined;
      throw new Final(`${node.name}: its firmware boots ${seen.version}: Talos may have rolled back`);
    });
    this.note({ firmware: { ...firmware, seenAt: this.time() } });
    this.say(`${node.name}: boots from its firmware`);
    await this.awaitNode(node);
  }

  /** A node that runs its image already, by hand or by a run whose journal is gone, where no restart proves it. */
  private unprovenBy({ machines }: Observation): InventoryNode | undefined {
    if (this.journal.firmware?.seenAt || this.journal.provenBefore) return undefined;
    return this.inventory.nodes.find((node) => {
      const machine = machines.get(node.name);
      return machine && isUpgraded(this.inventory, node, machine);
    });
  }

  /** Restarts a node that no run of this journal upgraded, before the next one is begun. */
  private async proveEarlier(node: InventoryNode): Promise<void> {
    this.say(
      `${node.name}: runs ${this.inventory.target.talos}, and nothing says that its firmware boots it`,
    );
    await this.drain(node);
    await this.throughFirmware(node);
    await this.release(node.name);
  }

  /** A node that an earlier run left cordoned: upgraded ones still owe their restart through the firmware. */
  private async finish(cordoned: string): Promise<void> {
    const node = this.inventory.nodes.find(({ name }) => name === cordoned);
    const isRestarting = this.journal.firmware?.node === cordoned;
    if (node && (isRestarting || this.journal.upgraded.some(({ node: name }) => name === cordoned)))
      await this.throughFirmware(node);
    await this.release(cordoned);
  }

  private async awaitNode({ name }: InventoryNode): Promise<void> {
    const { health = 15 } = this.dependencies.patience ?? {};
    await this.until(health, `${name}: must be Ready`, async () => {
      const nodes = await this.dependencies.kubectl.nodes();
      return nodes.some((node) => node.name === name && node.ready) ? undefined : "it is not";
    });
  }

  /** An upgrade that an earlier run sent: it is over, or shows no effect, before anything else is done. */
  private async settle(): Promise<void> {
    const { inFlight, cordoned } = this.journal;
    if (inFlight === null) return cordoned === null ? undefined : this.awaitHealth();
    const node = this.inventory.nodes.find(({ name }) => name === inFlight.node);
    if (!node)
      throw new Doubt(`${inFlight.node}: an upgrade was sent to it, and the environment has it no more`);
    this.say(`${node.name}: an earlier run sent its upgrade at ${inFlight.sentAt}; waiting for its end`);
    const { inFlight: minutes = 5 } = this.dependencies.patience ?? {};
    const deadline = this.dependencies.clock.now() + minutes * MINUTE;
    while (this.dependencies.clock.now() < deadline) {
      const seen = await this.tryMachine(node);
      if (seen === undefined || seen.bootId !== inFlight.bootId || seen.status.stage !== "running") {
        return this.awaitMachine(node, inFlight.bootId, "an earlier version");
      }
      await this.dependencies.clock.sleep(POLL);
    }
    this.say(`${node.name}: it had no effect`);
    this.note({ inFlight: null });
  }

  private async tryMachine(node: InventoryNode) {
    try {
      return await observeMachine(this.dependencies, node);
    } catch (error) {
      if (error instanceof Doubt) return undefined;
      throw error;
    }
  }

  private async upgradeKubernetes(from: string): Promise<void> {
    const { talosctl, patience } = this.dependencies;
    const { kubernetes } = this.inventory.target;
    const [node] = controlPlanesOf(this.inventory);
    if (!node) throw new Doubt("there is no control plane");
    this.say(`Kubernetes: ${from} to ${kubernetes}`);
    await this.snapshot("kubernetes", node);
    await talosctl.upgradeKubernetes("dry-run");
    await this.gate();
    await talosctl.upgradeKubernetes("apply");
    await this.until(patience?.health ?? 15, `Kubernetes must be ${kubernetes} everywhere`, async () => {
      const versions = kubernetesVersions(await observe(this.dependencies, this.inventory));
      const behind = [...versions].filter(([, version]) => version !== kubernetes).map(([where]) => where);
      return versions.size > 0 && behind.length === 0 ? undefined : behind.join(", ") || "it does not answer";
    });
    await this.awaitHealth();
  }

  /** A snapshot of this very step, from a control plane that stays up where there is one. */
  private async snapshot(before: string, goesDown: InventoryNode): Promise<void> {
    const { talosctl, snapshotDirectory, fileSize } = this.dependencies;
    const controlPlanes = controlPlanesOf(this.inventory);
    const source = controlPlanes.find(({ name }) => name !== goesDown.name) ?? goesDown;
    const stamp = this.time().replaceAll(":", "-");
    const path = join(snapshotDirectory, `${this.inventory.environment}-${before}-${stamp}.snapshot`);
    const { bytes, hash, revision, keys, path: saved } = await talosctl.snapshot(source, path);
    const onDisk = fileSize(path);
    if (saved !== path || bytes === 0 || onDisk !== bytes || revision === 0 || keys === 0) {
      throw new Doubt(
        `${path}: must be a snapshot of ${bytes} bytes with keys: got ${onDisk ?? "no file"}, ${keys} keys`,
      );
    }
    this.note({ snapshots: [...this.journal.snapshots, { path, bytes, hash, before }] });
    this.say(`snapshot ${path}, ${bytes} bytes, hash ${hash}`);
  }

  private async drain(node: InventoryNode): Promise<void> {
    this.note({ cordoned: node.name });
    this.say(`${node.name}: drain`);
    await this.orUncordon(node, () => this.dependencies.kubectl.drain(node.name));
  }

  /** Uncordons the node, where that can be done, when the action fails before the upgrade. */
  private async orUncordon<T>(node: InventoryNode, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof Doubt) await this.uncordon(node.name).catch(ignoreDoubt);
      throw error;
    }
  }

  /** Noted only when Kubernetes shows it. */
  private async uncordon(name: string): Promise<void> {
    const { kubectl } = this.dependencies;
    await kubectl.uncordon(name);
    const node = (await kubectl.nodes()).find((candidate) => candidate.name === name);
    if (!node || node.cordoned) throw new Doubt(`${name}: must not be cordoned after kubectl uncordon`);
    this.note({ cordoned: null });
    this.say(`${name}: uncordoned`);
  }

  private async release(name: string): Promise<void> {
    await this.uncordon(name);
    await this.awaitHealth();
  }

  private async awaitHealth(): Promise<void> {
    const { health = 15 } = this.dependencies.patience ?? {};
    await this.until(health, "the cluster must be well again", async () => {
      const [problem] = this.problemsOf(await observe(this.dependencies, this.inventory));
      if (problem !== undefined) return problem;
      for (const { name } of this.inventory.nodes) await this.dependencies.kubectl.ciliumAgent(name);
      return undefined;
    });
  }

  /** One look at everything; the first one that finds etcd well decides which members it has. */
  private async gate(): Promise<Observation> {
    const observation = await observe(this.dependencies, this.inventory);
    refuse(this.problemsOf(observation));
    for (const { name } of this.inventory.nodes) await this.dependencies.kubectl.ciliumAgent(name);
    if (this.journal.members === null) this.note({ members: membersOf(observation) });
    return observation;
  }

  private async gateOfDrained({ name }: InventoryNode): Promise<Observation> {
    const observation = await this.gate();
    const isCordoned = observation.nodes?.some((node) => node.name === name && node.cordoned);
    if (!isCordoned) throw new Doubt(`${name}: must be cordoned after kubectl drain`);
    return observation;
  }

  private problemsOf(observation: Observation): string[] {
    const { cordoned, members } = this.journal;
    return healthProblems(this.inventory, observation, { cordoned, members });
  }

  /** Asks until `check` finds nothing; while a machine restarts, a failed read is no reason to stop. */
  private async until(
    minutes: number,
    what: string,
    check: () => Promise<string | undefined>,
  ): Promise<void> {
    const { clock } = this.dependencies;
    const deadline = clock.now() + minutes * MINUTE;
    for (;;) {
      const missing = await check().catch((error: unknown) => {
        if (error instanceof Doubt && !(error instanceof Final)) return error.message;
        throw error;
      });
      if (missing === undefined) return;
      if (clock.now() >= deadline) throw new Doubt(`${what} within ${minutes} minutes: ${missing}`);
      await clock.sleep(POLL);
    }
  }

  private note(change: Partial<Journal>): void {
    this.journal = { ...this.journal, ...change };
    this.dependencies.journal.write(this.journal);
  }

  private say(line: string): void {
    this.dependencies.log(line);
  }

  private time(): string {
    return new Date(this.dependencies.clock.now()).toISOString();
  }
}

/** A doubt that waiting does not remove. */
class Final extends Doubt {}

const refuse = (problems: readonly string[]): void => {
  if (problems.length > 0) throw new Doubt(problems.join("\n"));
};

const ignoreDoubt = (error: unknown): void => {
  if (!(error instanceof Doubt)) throw error;
};
