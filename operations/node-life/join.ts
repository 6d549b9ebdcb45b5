/** Steps by which a machine becomes a node: from maintenance mode to Ready. */
import type { Node } from "../../environments/schema.ts";
import type { NodeLifeCluster } from "./cluster.ts";
import type { Step } from "./step.ts";

/** A node to be, with the facts that are known of it. */
export type Newcomer = Pick<
  Node,
  "name" | "role" | "mac" | "maintenanceAddress" | "installDisk" | "interface" | "schematic"
>;

const LEARNERS = "etcd takes one learner at a time; the second machine tries until the first one votes.";

export interface JoinOptions {
  /** The machines wait in maintenance mode already. @default false */
  readonly isWaiting?: boolean;
  /** Nodes that Terraform forgets by the same plan. @default - none */
  readonly forgotten?: readonly string[];
}

/** @param cluster as it is once the newcomers are in it */
export const joinSteps = (
  cluster: NodeLifeCluster,
  newcomers: readonly Newcomer[],
  { isWaiting = false, forgotten = [] }: JoinOptions = {},
): Step[] => {
  const names = newcomers.map(({ name }) => name);
  const isControlPlane = newcomers.some(({ role }) => role === "controlplane");
  return [
    ...newcomers.map((node) => bootStep(cluster, node, isWaiting)),
    {
      title: "See what the data says, before any machine does",
      commands: ["npm run synth", "npm test"],
      until: "both are green: quorum, addresses and capacity hold",
    },
    {
      title: `Give ${names.join(" and ")} the configuration`,
      notes: [
        "In maintenance mode a machine is reached at its DHCP address; the context says which ones are.",
        `The plan shows talos_machine_configuration_apply of ${names.map((name) => `node_${name}`).join(", ")} and of no other node.`,
        ...forgotten.map(
          (name) =>
            `It also destroys node_${name}: that only forgets it. The guard asks for a waiver of that address.`,
        ),
        ...(isControlPlane && newcomers.length > 1 ? [LEARNERS] : []),
      ],
      commands: [cluster.deploy(names)],
      until: "it installs and restarts, some minutes",
    },
    {
      title: "See that it is in",
      commands: [
        "kubectl get nodes -o wide",
        ...(isControlPlane
          ? [cluster.onControlPlanes([], "etcd", "members"), cluster.onControlPlanes([], "etcd", "status")]
          : []),
        "kubectl -n kube-system rollout status daemonset/cilium",
      ],
      until: `${names.join(", ")} Ready at ${names.map((name) => cluster.machine(name).address).join(", ")}${
        isControlPlane ? `; ${cluster.controlPlanes.length} members of etcd, all of them voting` : ""
      }`,
    },
    {
      title: "Deploy once more, without the context",
      notes: [
        "The node is reached at its cluster address from now on; the plan changes that in place, nothing else.",
        `Write the disk that it is installed on, so that a later change is told: ${newcomers.map(({ name, installDisk }) => `nodes.${name}.installedOn: "${installDisk}"`).join(", ")}.`,
      ],
      commands: [cluster.deploy(), `npm run homelab -- upgrade ${cluster.name}`],
      until: "it says that there is nothing to upgrade and that all is well",
    },
  ];
};

const bootStep = (cluster: NodeLifeCluster, node: Newcomer, isWaiting: boolean): Step => {
  const address = node.maintenanceAddress;
  const at = address ?? "MAINTENANCE-ADDRESS";
  return {
    title: isWaiting
      ? `See that the machine of ${node.name} waits in maintenance mode`
      : `Start ${node.name} from the image of its schematic, ${node.schematic}`,
    notes: [
      "Hold what it has against the data: an install on the wrong disk wipes it.",
      ...(address === null
        ? [
            `Its DHCP address is unknown: find it in the router's leases, and write it to nodes.${node.name}.maintenanceAddress.`,
          ]
        : []),
    ],
    commands: [
      ...(isWaiting ? [] : [cluster.iso(node.schematic)]),
      `talosctl --nodes ${at} get links --insecure`,
      `talosctl --nodes ${at} get disks --insecure`,
    ],
    until: `the link ${node.interface} has the MAC ${node.mac ?? "that you now write to the data"}, and ${node.installDisk} is the disk to install to`,
  };
};
