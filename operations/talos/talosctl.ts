/**
 * Asks Talos through talosctl, and reads its answers. `homelab talosctl` runs each of them with talosctl v1.12.6 itself,
 * but `upgrade-k8s`.
 *
 * talosctl ends with 0 when only some of the nodes asked answer, and says the rest on stderr. So each answer is held
 * against the nodes that were asked.
 */

import { fieldsOf } from "../../lib/core/fields.ts";
import {
  type Command,
  type CommandResult,
  commandLine,
  Doubt,
  failureOf,
  type RunCommand,
} from "../../lib/core/process/command.ts";
import { controlPlanesOf, type Inventory, type InventoryNode } from "./inventory.ts";
import {
  type EtcdMember,
  type EtcdStatus,
  type NodeTime,
  parseAlarms,
  parseMembers,
  parseResources,
  parseSnapshot,
  parseStatus,
  parseTimes,
  type Snapshot,
} from "./talosctl-output.ts";

const READ_TIMEOUT = 30_000;
const SNAPSHOT_TIMEOUT = 300_000;
const PULL_TIMEOUT = 10 * 60_000;
const UPGRADE_MINUTES = 30;
const KUBERNETES_UPGRADE_TIMEOUT = 45 * 60_000;
/** talosctl ends by itself first. */
const MARGIN = 60_000;

const BOOT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Name of the extension with which the Image Factory marks an image: its version is the schematic's id. */
const SCHEMATIC = "schematic";

export interface MachineStatus {
  /** `running`, `upgrading`, `booting`, … */
  readonly stage: string;
  readonly ready: boolean;
}

export interface TalosctlOptions {
  /** @default - what talosctl finds by itself */
  readonly talosconfig?: string | undefined;
}

export class Talosctl {
  constructor(
    private readonly run: RunCommand,
    private readonly inventory: Inventory,
    private readonly options: TalosctlOptions = {},
  ) {}

  /** Version that runs, e.g. `v1.12.4`. */
  async version(node: InventoryNode): Promise<string> {
    const [resource] = await this.resources(node, "version", 1);
    const version = resource?.version;
    if (typeof version !== "string" || !/^v\d+\.\d+\.\d+/.test(version)) {
      throw new Doubt(`${node.name}: no Talos version in the answer of talosctl`);
    }
    return version;
  }

  /** Id of the schematic that runs; undefined for an image that does not say. */
  async schematic(node: InventoryNode): Promise<string | undefined> {
    const metadata = (await this.resources(node, "extensions")).map(({ metadata }) => metadata);
    const found = metadata.find(
      (entry): entry is { name: string; version: string } =>
        typeof entry === "object" && entry !== null && "name" in entry && entry.name === SCHEMATIC,
    );
    return found?.version;
  }

  /** True when the machine booted with secure boot. */
  async secureBoot(node: InventoryNode): Promise<boolean> {
    const [resource] = await this.resources(node, "securitystate", 1);
    if (typeof resource?.secureBoot !== "boolean")
      throw new Doubt(`${node.name}: no security state in the answer of talosctl`);
    return resource.secureBoot;
  }

  /** The configuration that the machine runs, as YAML. It holds secrets: nothing of it may be shown as it is. */
  async machineConfiguration(node: InventoryNode): Promise<string> {
    const { stdout } = await this.ask(this.on([node], ["get", "machineconfig", "v1alpha1", "-o", "json"]));
    const { spec } = fieldsOf(this.parsed("get machineconfig", () => JSON.parse(stdout)));
    if (typeof spec !== "string") throw new Doubt(`${node.name}: no configuration in the answer of talosctl`);
    return spec;
  }

  async machineStatus(node: InventoryNode): Promise<MachineStatus> {
    const [resource] = await this.resources(node, "machinestatus", 1);
    const status = resource?.status as { ready?: unknown } | undefined;
    if (typeof resource?.stage !== "string" || typeof status?.ready !== "boolean") {
      throw new Doubt(`${node.name}: no machine status in the answer of talosctl`);
    }
    return { stage: resource.stage, ready: status.ready };
  }

  async bootId(node: InventoryNode): Promise<string> {
    const { stdout } = await this.ask(this.on([node], ["read", "/proc/sys/kernel/random/boot_id"]));
    const id = stdout.trim();
    if (!BOOT_ID.test(id)) throw new Doubt(`${node.name}: no boot id in the answer of talosctl`);
    return id;
  }

  /** Reads from each control plane the status of its own member. */
  async etcdStatus(): Promise<EtcdStatus[]> {
    const { stdout } = await this.ask(this.on(controlPlanesOf(this.inventory), ["etcd", "status"]));
    return this.parsed("etcd status", () => parseStatus(stdout));
  }

  /** The members as each control plane sees them. */
  async etcdMembers(): Promise<EtcdMember[]> {
    const { stdout } = await this.ask(this.on(controlPlanesOf(this.inventory), ["etcd", "members"]));
    return this.parsed("etcd members", () => parseMembers(stdout));
  }

  /**
   * Alarms, as `NOSPACE of a49c021e76e707d0`. A warning counts as one, since it stands for nodes that did not answer.
   */
  async etcdAlarms(): Promise<string[]> {
    const command = this.on(controlPlanesOf(this.inventory), ["etcd", "alarm", "list"]);
    const { stdout, stderr } = await this.ask(command);
    const warning = stderr.trim().replaceAll(/\s+/g, " ");
    return [...this.parsed("etcd alarm list", () => parseAlarms(stdout)), ...(warning ? [warning] : [])];
  }

  /** Clocks of the nodes, beside that of the time server that each follows. */
  async times(): Promise<NodeTime[]> {
    const { stdout } = await this.ask(this.on(this.inventory.nodes, ["time"]));
    return this.parsed("time", () => parseTimes(stdout));
  }

  snapshotCommand(node: InventoryNode, path: string): Command {
    return this.on([node], ["etcd", "snapshot", path]);
  }

  async snapshot(node: InventoryNode, path: string): Promise<Snapshot> {
    const { stdout } = await this.ask(this.snapshotCommand(node, path), SNAPSHOT_TIMEOUT);
    return this.parsed("etcd snapshot", () => parseSnapshot(stdout));
  }

  pullCommand(node: InventoryNode): Command {
    return this.on([node], ["image", "pull", "--namespace", "system", node.image]);
  }

  /** Makes the node itself pull its installer, where the upgrade finds it. Fails for an image that is not there. */
  async pullImage(node: InventoryNode): Promise<void> {
    await this.ask(this.pullCommand(node), PULL_TIMEOUT);
  }

  /** A restart without kexec: the machine goes through its firmware and boots from its disk. */
  powerCycleCommand(node: InventoryNode): Command {
    const args = ["reboot", "--mode", "powercycle", "--wait", "--timeout", `${UPGRADE_MINUTES}m`];
    return this.on([node], args);
  }

  async powerCycle(node: InventoryNode): Promise<void> {
    await this.ask(this.powerCycleCommand(node), UPGRADE_MINUTES * 60_000 + MARGIN);
  }

  /**
   * Talos cordons the node, evicts its pods, writes the other half of its A-B scheme and restarts. It keeps the
   * data: `--preserve` is of Talos before 1.8. Never `--force`, which skips Talos' own look at etcd.
   */
  upgradeCommand(node: InventoryNode): Command {
    const args = ["upgrade", "--image", node.image, "--wait", "--timeout", `${UPGRADE_MINUTES}m`];
    return this.on([node], args);
  }

  async upgrade(node: InventoryNode): Promise<void> {
    await this.ask(this.upgradeCommand(node), UPGRADE_MINUTES * 60_000 + MARGIN);
  }

  /** The command goes to one control plane and sees to all nodes, one after the other. */
  kubernetesCommand(mode: "dry-run" | "apply"): Command {
    const [node] = controlPlanesOf(this.inventory);
    const version = this.inventory.target.kubernetes.replace(/^v/, "");
    const args = ["upgrade-k8s", "--to", version, "--with-docs=false", "--with-examples=false"];
    return this.on(node ? [node] : [], mode === "dry-run" ? [...args, "--dry-run"] : args);
  }

  async upgradeKubernetes(mode: "dry-run" | "apply"): Promise<void> {
    await this.ask(this.kubernetesCommand(mode), KUBERNETES_UPGRADE_TIMEOUT);
  }

  /** Version of talosctl itself, e.g. `v1.12.4`. */
  async clientVersion(): Promise<string> {
    const { stdout } = await this.ask({ command: "talosctl", args: ["version", "--client", "--short"] });
    const version = /\bv\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
    if (version === undefined) throw new Doubt("talosctl does not say its version");
    return version;
  }

  private async resources(
    node: InventoryNode,
    type: string,
    count?: number,
  ): Promise<Record<string, unknown>[]> {
    const { stdout } = await this.ask(this.on([node], ["get", type, "-o", "json"]));
    const resources = this.parsed(`get ${type}`, () => parseResources(stdout));
    const stranger = resources.find((resource) => resource.node !== node.address);
    if (stranger) throw new Doubt(`${node.name}: the answer is of another node, ${String(stranger.node)}`);
    if (count !== undefined && resources.length !== count) {
      throw new Doubt(`${node.name}: talosctl get ${type} must give ${count}: got ${resources.length}`);
    }
    return resources.map(({ spec }) => spec);
  }

  private on(nodes: readonly InventoryNode[], args: readonly string[]): Command {
    return talosctlCommand(this.inventory, nodes, args, this.options);
  }

  private async ask(command: Command, timeout = READ_TIMEOUT): Promise<CommandResult> {
    const result = await this.run(command.command, command.args, { timeout });
    const failure = failureOf(result);
    if (failure !== undefined) throw new Doubt(`${commandLine(command)}: ${failure}`);
    return result;
  }

  private parsed<T>(what: string, parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      throw new Doubt(`talosctl ${what}: ${(error as Error).message}`);
    }
  }
}

/**
 * Builds the command: it goes through the control planes that are not asked themselves, where there are any, as they
 * do not go away.
 */
export const talosctlCommand = (
  inventory: Pick<Inventory, "nodes">,
  nodes: readonly InventoryNode[],
  args: readonly string[],
  { talosconfig }: TalosctlOptions = {},
): Command => {
  const controlPlanes = controlPlanesOf(inventory);
  const others = controlPlanes.filter((node) => !nodes.includes(node));
  const endpoints = (others.length > 0 ? others : controlPlanes).map(({ address }) => address);
  return {
    command: "talosctl",
    args: [
      ...(talosconfig === undefined ? [] : ["--talosconfig", talosconfig]),
      "--endpoints",
      endpoints.join(","),
      "--nodes",
      nodes.map(({ address }) => address).join(","),
      ...args,
    ],
  };
};
