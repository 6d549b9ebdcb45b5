/** The state of the machines and a plan, for a person and for a program. */
import { type Command, commandLine } from "../../lib/core/process/command.ts";
import { tableLines } from "../../lib/core/text-table.ts";
import { controlPlanesOf, type Inventory, type InventoryNode } from "../talos/inventory.ts";
import type { Observation, Tools } from "./observation.ts";
import type { UpgradePlan, UpgradeStep } from "./upgrade-plan.ts";

const ROLES = { controlplane: "control plane", worker: "worker" } as const;

/** A machine and the versions that it runs, as far as it says. */
export interface RunningMachine {
  readonly name: string;
  readonly role: InventoryNode["role"];
  readonly address: string;
  readonly talos?: string | undefined;
  readonly kubelet?: string | undefined;
}

export const runningMachines = ({ nodes }: Inventory, observation: Observation): RunningMachine[] =>
  nodes.map(({ name, role, address }) => ({
    name,
    role,
    address,
    talos: observation.machines.get(name)?.version,
    kubelet: observation.nodes?.find((node) => node.name === name)?.kubelet,
  }));

/** Shows the versions that run, a line for each machine. */
export const showRunning = (machines: readonly RunningMachine[]): string[] =>
  tableLines(
    machines.map(({ name, role, address, talos = "unknown", kubelet = "unknown" }) => [
      `  ${name}`,
      ROLES[role],
      address,
      `Talos ${talos}`,
      `kubelet ${kubelet}`,
    ]),
  );

/** A step of a plan in words, with the very commands that a run would give. */
export interface ShownStep {
  readonly title: string;
  readonly commands: readonly string[];
}

export const shownSteps = (
  inventory: Inventory,
  { steps }: UpgradePlan,
  tools: Tools,
  snapshotDirectory: string,
): ShownStep[] => steps.map((step, index) => shown(inventory, step, tools, snapshotDirectory, index === 0));

export const showSteps = (steps: readonly ShownStep[]): string[] =>
  steps.flatMap(({ title, commands }, index) => [
    `${index + 1}. ${title}`,
    ...commands.map((line) => `     ${line}`),
  ]);

const shown = (
  inventory: Inventory,
  step: UpgradeStep,
  { talosctl, kubectl }: Tools,
  directory: string,
  isFirst: boolean,
): ShownStep => {
  const { target, environment } = inventory;
  const controlPlanes = controlPlanesOf(inventory);
  const snapshot = (before: string, goesDown?: string): Command[] => {
    const source = controlPlanes.find(({ name }) => name !== goesDown) ?? controlPlanes[0];
    return source
      ? [talosctl.snapshotCommand(source, `${directory}/${environment}-${before}-<time>.snapshot`)]
      : [];
  };
  if (step.kind === "kubernetes") {
    const commands = [
      ...snapshot("kubernetes"),
      talosctl.kubernetesCommand("dry-run"),
      talosctl.kubernetesCommand("apply"),
    ];
    return {
      title: `Kubernetes: ${step.from} to ${target.kubernetes}`,
      commands: commands.map(commandLine),
    };
  }
  const { node, from } = step;
  const commands = [
    talosctl.pullCommand(node),
    ...snapshot(node.name, node.name),
    kubectl.drainCommand(node.name),
    talosctl.upgradeCommand(node),
    ...(isFirst ? [talosctl.powerCycleCommand(node)] : []),
    kubectl.uncordonCommand(node.name),
  ];
  return {
    title: `${node.name} (${ROLES[node.role]}): Talos ${from} to ${target.talos}${from === target.talos ? ", another image of the same version: its schematic differs" : ""}`,
    commands: commands.map(commandLine),
  };
};
