import { satisfies } from "semver";
import type { ApplyMode } from "../core/providers/talos/machine-configuration-apply.ts";
import { SynthesisError } from "../core/synthesis/synthesize.ts";
import { type ClusterSettings, clusterAddresses, type TalosNode } from "./patches.ts";
import { Schematic } from "./schematic.ts";

/** The versions of Talos that the patches were checked against. */
const SUPPORTED_TALOS = ">=1.9.0 <1.15.0";

/** A cluster's machines and how each is reached. */
export interface MachinesProps extends ClusterSettings {
  /** The control plane that starts etcd. May name another one later: etcd is started only once. */
  readonly bootstrapNode: string;
  /** Images by name: the official extensions that each holds, e.g. `siderolabs/iscsi-tools`. */
  readonly schematics: Readonly<Record<string, { readonly extensions: readonly string[] }>>;
  /** Every machine of the cluster. */
  readonly nodes: readonly TalosNode[];
  /**
   * Names of the nodes that wait for their first configuration: reached at their maintenance address, all
   * others at their address on the cluster VLAN.
   * @default - none
   */
  readonly maintenanceNodes?: readonly string[];
  /**
   * Names of the nodes that keep a new configuration for their next restart: the way in for a change that
   * needs one.
   * @default - none
   */
  readonly stagedNodes?: readonly string[];
}

/** A node with all that follows from the cluster it is in. */
export interface Machine {
  readonly node: TalosNode;
  /** Its address on the cluster VLAN. */
  readonly clusterAddress: string;
  /** The address at which the Talos API of the machine answers now. */
  readonly reachedAt: string;
  readonly applyMode: ApplyMode;
  readonly installImage: string;
}

const quote = (value: unknown): string => JSON.stringify(value);

const clusterProblems = (props: MachinesProps): string[] => {
  const { nodes, bootstrapNode, maintenanceNodes = [], stagedNodes = [], talosVersion } = props;
  const names = nodes.map(({ name }) => name);
  const problems: string[] = [];
  if (!satisfies(talosVersion, SUPPORTED_TALOS)) {
    problems.push(`talosVersion: must be an exact version ${SUPPORTED_TALOS}: got ${quote(talosVersion)}`);
  }
  if (!nodes.some(({ name, role }) => name === bootstrapNode && role === "controlplane")) {
    problems.push(`bootstrapNode: must name a control plane: got ${quote(bootstrapNode)}`);
  }
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    problems.push(`nodes: a name must be there once: got ${quote(name)} several times`);
  }
  for (const [path, list] of Object.entries({ maintenanceNodes, stagedNodes })) {
    for (const name of list.filter((name) => !names.includes(name))) {
      problems.push(`${path}: must name nodes of the cluster, ${names.join(", ")}: got ${quote(name)}`);
    }
  }
  for (const name of maintenanceNodes.filter((name) => stagedNodes.includes(name))) {
    problems.push(`stagedNodes: a node in maintenance mode cannot stage: got ${quote(name)}`);
  }
  return problems;
};

const machineOf = (
  props: MachinesProps,
  schematics: ReadonlyMap<string, Schematic>,
  node: TalosNode,
  problems: string[],
): Machine | undefined => {
  const path = `nodes.${node.name}`;
  const inMaintenance = props.maintenanceNodes?.includes(node.name) ?? false;
  const [address, ...others] = clusterAddresses(props, node);
  const schematic = schematics.get(node.schematic);
  const reachedAt = inMaintenance ? node.maintenanceAddress?.toString() : address;
  if (address === undefined || others.length > 0) {
    const got = quote(node.vlans.map((vlan) => vlan.address));
    problems.push(`${path}.vlans: must have one address in the cluster subnet ${props.subnet}: got ${got}`);
  }
  if (!schematic) {
    const known = Object.keys(props.schematics).join(", ");
    problems.push(`${path}.schematic: must name a schematic, ${known}: got ${quote(node.schematic)}`);
  }
  if (inMaintenance && node.maintenanceAddress === null) {
    problems.push(
      `${path}.maintenanceAddress: must be known to reach the node in maintenance mode: got null`,
    );
  }
  if (address === undefined || !schematic || !reachedAt) return undefined;
  return {
    node,
    clusterAddress: address,
    reachedAt,
    applyMode: inMaintenance ? "auto" : props.stagedNodes?.includes(node.name) ? "staged" : "no_reboot",
    installImage: schematic.installerImage(props.talosVersion, node.secureBoot),
  };
};

/** The machines of a cluster by name; throws with all that is wrong, a line each. */
export const machinesOf = (props: MachinesProps): ReadonlyMap<string, Machine> => {
  const problems = clusterProblems(props);
  const schematics = new Map(
    Object.entries(props.schematics).map(([name, { extensions }]) => [
      name,
      Schematic.withExtensions(extensions),
    ]),
  );
  const machines = props.nodes.flatMap((node) => machineOf(props, schematics, node, problems) ?? []);
  if (problems.length > 0) throw new SynthesisError(problems);
  return new Map(machines.map((machine) => [machine.node.name, machine]));
};
