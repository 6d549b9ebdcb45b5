/** Observes the whole cluster once: everything that a decision rests on, and what could not be read. */
import { Doubt } from "../../lib/core/process/command.ts";
import type { Inventory, InventoryNode } from "../talos/inventory.ts";
import type { MachineStatus, Talosctl } from "../talos/talosctl.ts";
import type { EtcdMember, EtcdStatus, NodeTime } from "../talos/talosctl-output.ts";
import type { DaemonSetStatus, Kubectl, KubernetesNode, StaticPod } from "./kubectl.ts";

export interface MachineObservation {
  readonly version: string;
  /** Undefined for an image that does not say which schematic it is of. */
  readonly schematic: string | undefined;
  readonly bootId: string;
  readonly secureBoot: boolean;
  readonly status: MachineStatus;
}

export interface Observation {
  /** Machines by node name; a machine that could not be read is left out. */
  readonly machines: ReadonlyMap<string, MachineObservation>;
  readonly etcdStatus: readonly EtcdStatus[] | undefined;
  readonly etcdMembers: readonly EtcdMember[] | undefined;
  readonly etcdAlarms: readonly string[] | undefined;
  readonly times: readonly NodeTime[] | undefined;
  readonly nodes: readonly KubernetesNode[] | undefined;
  readonly staticPods: readonly StaticPod[] | undefined;
  readonly cilium: DaemonSetStatus | undefined;
  /** The facts that could not be read, each with the reason. */
  readonly failures: readonly string[];
}

export interface Tools {
  readonly talosctl: Talosctl;
  readonly kubectl: Kubectl;
}

export const observeMachine = async (
  { talosctl }: Pick<Tools, "talosctl">,
  node: InventoryNode,
): Promise<MachineObservation> => {
  const [version, schematic, bootId, secureBoot, status] = await Promise.all([
    talosctl.version(node),
    talosctl.schematic(node),
    talosctl.bootId(node),
    talosctl.secureBoot(node),
    talosctl.machineStatus(node),
  ]);
  return { version, schematic, bootId, secureBoot, status };
};

/** Reads only. */
export const observe = async (tools: Tools, { nodes }: Inventory): Promise<Observation> => {
  const { talosctl, kubectl } = tools;
  const failures: string[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Doubt)) throw error;
      failures.push(error.message);
      return undefined;
    }
  };
  const [machines, etcdStatus, etcdMembers, etcdAlarms, times, kubernetesNodes, staticPods, cilium] =
    await Promise.all([
      Promise.all(nodes.map((node) => attempt(() => observeMachine(tools, node)))),
      attempt(() => talosctl.etcdStatus()),
      attempt(() => talosctl.etcdMembers()),
      attempt(() => talosctl.etcdAlarms()),
      attempt(() => talosctl.times()),
      attempt(() => kubectl.nodes()),
      attempt(() => kubectl.staticPods()),
      attempt(() => kubectl.cilium()),
    ]);
  return {
    machines: new Map(
      nodes.flatMap(({ name }, index) => {
        const machine = machines[index];
        return machine ? [[name, machine] as const] : [];
      }),
    ),
    etcdStatus,
    etcdMembers,
    etcdAlarms,
    times,
    nodes: kubernetesNodes,
    staticPods,
    cilium,
    failures: failures.toSorted(),
  };
};
