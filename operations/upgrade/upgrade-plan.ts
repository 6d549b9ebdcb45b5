/**
 * Plans an upgrade: from the versions that run and those that shall run, the steps that are left, in order. Pure;
 * what is done is seen, not remembered.
 */
import { compare } from "semver";
import type { Inventory, InventoryNode } from "../talos/inventory.ts";
import type { MachineObservation, Observation } from "./observation.ts";
import { pathProblems } from "./path.ts";

export type UpgradeStep =
  | { readonly kind: "talos"; readonly node: InventoryNode; readonly from: string }
  | { readonly kind: "kubernetes"; readonly from: string };

export interface UpgradePlan {
  readonly steps: readonly UpgradeStep[];
  /** The reasons why nothing may be done. */
  readonly problems: readonly string[];
}

/** The node runs the version and the image that it shall. */
export const isUpgraded = (
  { target }: Inventory,
  node: InventoryNode,
  { version, schematic }: Pick<MachineObservation, "version" | "schematic">,
): boolean => version === target.talos && schematic === node.schematic;

/** Refuses an installer of the other kind, which would not boot: the environment must say what the machine is. */
const secureBootProblems = (node: InventoryNode, machine: MachineObservation | undefined): string[] =>
  machine === undefined || machine.secureBoot === node.secureBoot
    ? []
    : [
        `${node.name}: booted ${machine.secureBoot ? "with" : "without"} secure boot, and its image is for the opposite: set nodes.${node.name}.secureBoot to ${machine.secureBoot}`,
      ];

/** Every place where a version of Kubernetes was seen. */
export const kubernetesVersions = ({ nodes = [], staticPods = [] }: Observation): Map<string, string> =>
  new Map([
    ...staticPods.map(({ node, component, version }) => [`${node} ${component}`, version] as const),
    ...nodes.map(({ name, kubelet }) => [`${name} kubelet`, kubelet] as const),
  ]);

/** Machines first, in the inventory's order; Kubernetes when all of them are there. */
export const planUpgrade = (
  inventory: Inventory,
  observation: Observation,
  talosctl: string,
): UpgradePlan => {
  const kubernetes = kubernetesVersions(observation);
  const talos = new Map([...observation.machines].map(([name, { version }]) => [name, version]));
  const unread = inventory.nodes.filter(({ name }) => !talos.has(name));
  const problems = [
    ...unread.map(({ name }) => `${name}: must say which version of Talos it runs`),
    ...inventory.nodes.flatMap((node) => secureBootProblems(node, observation.machines.get(node.name))),
    ...(kubernetes.size > 0 ? [] : ["Kubernetes must say which version it is"]),
    ...pathProblems(inventory, { talos, kubernetes, talosctl }),
  ];
  if (problems.length > 0) return { steps: [], problems };
  const machines = inventory.nodes.flatMap((node): UpgradeStep[] => {
    const machine = observation.machines.get(node.name);
    return machine && !isUpgraded(inventory, node, machine)
      ? [{ kind: "talos", node, from: machine.version }]
      : [];
  });
  const behind = [...kubernetes.values()].filter((version) => version !== inventory.target.kubernetes);
  const [from] = behind.toSorted(compare);
  return {
    steps: [...machines, ...(from === undefined ? [] : [{ kind: "kubernetes", from } as const])],
    problems: [],
  };
};
