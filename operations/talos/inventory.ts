/** The machines of an environment as an upgrade sees them: where each is, what it shall run, in which order. */
import type { Environment } from "../../environments/schema.ts";
import { Schematic } from "../../lib/talos/schematic.ts";

export interface InventoryNode {
  readonly name: string;
  readonly role: "controlplane" | "worker";
  /** Address on the cluster VLAN, without prefix length. */
  readonly address: string;
  /** Id of the image's schematic. */
  readonly schematic: string;
  /** The image's installer at the version to reach. */
  readonly image: string;
  /** True when the environment says that the machine boots with secure boot. */
  readonly secureBoot: boolean;
}

/** The versions to reach, e.g. `v1.12.4` and `v1.34.0`. */
export interface UpgradeTarget {
  readonly talos: string;
  readonly kubernetes: string;
}

export interface Inventory {
  readonly environment: string;
  readonly vip: string;
  readonly target: UpgradeTarget;
  /** Version of Cilium, e.g. `1.18.3`. */
  readonly cilium: string;
  readonly acceptedRisks: readonly string[];
  /** Nodes in the order of an upgrade: control planes, the bootstrap node last among them, then workers. */
  readonly nodes: readonly InventoryNode[];
}

/**
 * @param target what to reach
 * @default target - the environment's own versions
 */
export const inventoryOf = (
  environment: Environment,
  target: UpgradeTarget = environment.versions,
): Inventory => {
  const { cluster, schematics, versions } = environment;
  const nodes = environment.nodes.map((node): InventoryNode => {
    const schematic = Schematic.withExtensions(schematics[node.schematic]?.extensions ?? []);
    return {
      name: node.name,
      role: node.role,
      address: node.address.toString(),
      schematic: schematic.id,
      image: schematic.installerImage(target.talos, node.secureBoot),
      secureBoot: node.secureBoot ?? false,
    };
  });
  const rank = ({ name, role }: InventoryNode): number =>
    role === "worker" ? 2 : name === cluster.bootstrapNode ? 1 : 0;
  return {
    environment: environment.name,
    vip: `${cluster.vip}`,
    target: { talos: target.talos, kubernetes: target.kubernetes },
    cilium: versions.cilium,
    acceptedRisks: environment.acceptedRisks.map(({ id }) => id),
    nodes: nodes.toSorted((a, b) => rank(a) - rank(b)),
  };
};

export const controlPlanesOf = ({ nodes }: Pick<Inventory, "nodes">): InventoryNode[] =>
  nodes.filter(({ role }) => role === "controlplane");
