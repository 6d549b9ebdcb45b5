/** A plan as lines for a person, with the very commands that a run would give. */
import { type Command, commandLine } from "../../lib/core/process/command.ts";
import { controlPlanesOf, type Inventory } from "../talos/inventory.ts";
import type { Observation, Tools } from "./observation.ts";
import type { UpgradePlan, UpgradeStep } from "./plan.ts";

const ROLES = { controlplane: "control plane", worker: "worker" } as const;

/** Shows the versions that run, a line for each machine. */
export const showRunning = ({ nodes }: Inventory, observation: Observation): string[] => {
  const width = Math.max(...nodes.map(({ name }) => name.length));
  return nodes.map(({ name, role, address }) => {
    const machine = observation.machines.get(name);
    const kubelet = observation.nodes?.find((node) => node.name === name)?.kubelet;
    return `  ${name.padEnd(width)}  ${ROLES[role].padEnd(13)}  ${address.padEnd(15)}  Talos ${machine?.version ?? "unknown"}  kubelet ${kubelet ?? "unknown"}`;
  });
};

export const showPlan = (
  inventory: Inventory,
  { steps }: UpgradePlan,
  tools: Tools,
  snapshotDirectory: string,
): string[] =>
  steps.flatMap((step, index) => {
    const [title, ...lines] = showStep(inventory, step, tools, snapshotDirectory, index === 0);
    return [`${index + 1}. ${title}`, ...lines.map((line) => `     ${line}`)];
  });

const showStep = (
  inventory: Inventory,
  step: UpgradeStep,
  { talosctl, kubectl }: Tools,
  directory: string,
  isFirst: boolean,
): string[] => {
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
    return [`Kubernetes: ${step.from} to ${target.kubernetes}`, ...commands.map(commandLine)];
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
  return [
    `${node.name} (${ROLES[node.role]}): Talos ${from} to ${target.talos}${from === target.talos ? ", another image of the same version: its schematic differs" : ""}`,
    ...commands.map(commandLine),
  ];
};
