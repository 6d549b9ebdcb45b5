/** The environment as the steps need it: addresses, and commands with them. */
import type { Environment, Node } from "../../environments/schema.ts";
import { commandLine } from "../../lib/core/process/command.ts";
import { Schematic } from "../../lib/talos/schematic.ts";
import { controlPlanesOf, type Inventory, type InventoryNode, inventoryOf } from "../talos/inventory.ts";
import { talosctlCommand } from "../talos/talosctl.ts";

export class NodeLifeCluster {
  readonly inventory: Inventory;

  constructor(readonly environment: Environment) {
    this.inventory = inventoryOf(environment);
  }

  get name(): string {
    return this.environment.name;
  }

  /** Path of the environment's data. */
  get file(): string {
    return `environments/${this.name}.ts`;
  }

  get controlPlanes(): InventoryNode[] {
    return controlPlanesOf(this.inventory);
  }

  data(name: string): Node | undefined {
    return this.environment.nodes.find((node) => node.name === name);
  }

  machine(name: string): InventoryNode {
    const machine = this.inventory.nodes.find((node) => node.name === name);
    if (!machine) throw new Error(`${name}: must be a node of ${this.name}`);
    return machine;
  }

  /** Through control planes that are neither concerned nor gone. */
  talosctl(nodes: readonly InventoryNode[], gone: readonly string[], ...args: readonly string[]): string {
    const left = this.inventory.nodes.filter(({ name }) => !gone.includes(name));
    return commandLine(talosctlCommand({ nodes: left }, nodes, args));
  }

  /** Asks every control plane that is not gone. */
  onControlPlanes(gone: readonly string[], ...args: readonly string[]): string {
    const left = this.controlPlanes.filter(({ name }) => !gone.includes(name));
    return this.talosctl(left, gone, ...args);
  }

  /** From a control plane that stays. */
  snapshot(label: string, leaving: readonly string[]): string {
    const source = this.controlPlanes.filter(({ name }) => !leaving.includes(name)).slice(0, 1);
    return this.talosctl(source, leaving, "etcd", "snapshot", `${this.name}-${label}.snapshot`);
  }

  /** @param maintenance nodes that wait for their first configuration */
  deploy(maintenance: readonly string[] = []): string {
    const context = JSON.stringify({ maintenanceNodes: maintenance.join(",") });
    const prefix = maintenance.length === 0 ? "" : `CDKTF_CONTEXT_JSON='${context}' `;
    return `${prefix}npm run homelab -- deploy ${this.name}-cluster`;
  }

  /** The URL at which the factory gives the installation image of a schematic. */
  iso(schematic: string): string {
    const extensions = this.environment.schematics[schematic]?.extensions ?? [];
    const { id } = Schematic.withExtensions(extensions);
    return `https://factory.talos.dev/image/${id}/${this.environment.versions.talos}/metal-amd64.iso`;
  }
}
