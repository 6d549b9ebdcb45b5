/** Steps by which a node leaves: out of Kubernetes, out of etcd, then off. */
import type { NodeLifeCluster } from "./cluster.ts";
import type { Step } from "./step.ts";

/** The state of the machine once it has left. */
export type Afterwards = "off" | "maintenance";

/**
 * The cluster as a whole must be well before anything is taken from it or put in.
 *
 * @param options nodes that will leave, so that they are not relied on; nodes that do not answer now
 */
export const healthSteps = (
  cluster: NodeLifeCluster,
  label: string,
  {
    leaving = [],
    missing = [],
  }: { readonly leaving?: readonly string[]; readonly missing?: readonly string[] },
): Step[] => [
  {
    title: "See that the rest of the cluster is well",
    notes: [`npm run homelab -- upgrade only looks, as long as it is not given --apply.`],
    commands: [`npm run homelab -- doctor ${cluster.name}`, `npm run homelab -- upgrade ${cluster.name}`],
    until:
      missing.length === 0
        ? 'neither finds anything: no "Not well"'
        : `what they find is that ${missing.join(", ")} is not there, and nothing else`,
  },
  {
    title: "Take a snapshot of etcd",
    notes: ["It holds every Secret of the cluster: keep it where only you can read it."],
    commands: [cluster.snapshot(label, [...leaving, ...missing])],
    until: 'it says "snapshot info" with keys',
  },
];

export interface LeaveOptions {
  readonly afterwards: Afterwards;
  /** Wipes the whole disk of the system, its loader too, or what it holds of this node. @default "node" */
  readonly wipes?: "disk" | "node";
  /** Nodes that have left before this one. @default - none */
  readonly left?: readonly string[];
  /** Nodes that do not answer and will not come back; this one may be among them. @default - none */
  readonly dead?: readonly string[];
}

export const leaveSteps = (
  cluster: NodeLifeCluster,
  name: string,
  { afterwards, wipes = "node", left = [], dead = [] }: LeaveOptions,
): Step[] => {
  const isDead = dead.includes(name);
  const isMember = cluster.machine(name).role === "controlplane";
  return [
    isDead ? powerStep(cluster, name) : drainStep(name),
    ...(isMember ? [isDead ? removeStep(cluster, name, dead) : etcdStep(cluster, name, left)] : []),
    ...(isMember ? [membersStep(cluster, [...left, name], dead)] : []),
    ...(isDead ? [] : [resetStep(cluster, name, { afterwards, wipes }, left)]),
    {
      title: `Take ${name} out of Kubernetes`,
      commands: [`kubectl delete node ${name}`, "kubectl get nodes -o wide"],
      until: `${name} is not listed, and all others are Ready${dead.length > 1 ? " but those that are dead" : ""}`,
    },
  ];
};

const powerStep = (cluster: NodeLifeCluster, name: string): Step => ({
  title: `Make sure that ${name} is off and stays off`,
  notes: [
    `A machine that comes back by itself joins again. Pull its plug: ${cluster.data(name)?.mac ?? "MAC unknown"}, ${cluster.machine(name).address}.`,
    "Its pods are moved once Kubernetes has forgotten the node, which is a later step.",
  ],
});

const drainStep = (name: string): Step => ({
  title: `Drain ${name}`,
  notes: ["A pod that may not be evicted stops it here, before anything is lost."],
  commands: [`kubectl drain ${name} --ignore-daemonsets --delete-emptydir-data --timeout=10m`],
  until: "it ends without an error",
});

const removeStep = (cluster: NodeLifeCluster, name: string, dead: readonly string[]): Step => {
  const survivors = cluster.controlPlanes.filter((node) => !dead.includes(node.name)).slice(0, 1);
  return {
    title: `Take the dead member ${name} out of etcd`,
    notes: [
      `The id is the one beside ${name} in the list. remove-member is for a member that cannot leave by itself.`,
    ],
    commands: [
      cluster.onControlPlanes(dead, "etcd", "members"),
      cluster.talosctl(survivors, dead, "etcd", "remove-member", `ID-OF-${name.toUpperCase()}`),
    ],
  };
};

const etcdStep = (cluster: NodeLifeCluster, name: string, left: readonly string[]): Step => {
  const machine = cluster.machine(name);
  return {
    title: `Let ${name} leave etcd, before its machine goes`,
    notes: [
      "A member that is switched off still counts: from three to one without this, nothing has a majority.",
      `If ${name} holds the virtual IP ${cluster.environment.cluster.vip}, another control plane takes it over; the API is away for seconds.`,
    ],
    commands: [
      cluster.talosctl([machine], left, "etcd", "forfeit-leadership"),
      cluster.talosctl([machine], left, "etcd", "leave"),
    ],
    until: "both end without an error",
  };
};

const membersStep = (cluster: NodeLifeCluster, gone: readonly string[], dead: readonly string[]): Step => {
  const members = cluster.controlPlanes.filter(({ name }) => !gone.includes(name));
  const silent = [...gone, ...dead];
  return {
    title: `See that etcd has ${members.length} ${members.length === 1 ? "member" : "members"}`,
    commands: [
      cluster.onControlPlanes(silent, "etcd", "members"),
      cluster.onControlPlanes(silent, "etcd", "status"),
    ],
    until: `every list shows ${members.map(({ name }) => name).join(", ")} and nobody else, no learner, no errors, one leader`,
  };
};

const resetStep = (
  cluster: NodeLifeCluster,
  name: string,
  { afterwards, wipes }: Required<Pick<LeaveOptions, "afterwards" | "wipes">>,
  gone: readonly string[],
): Step => ({
  title: `Wipe ${name}${afterwards === "off" ? " and switch it off" : ", so that it waits for a configuration"}`,
  notes: [
    `Its state and its pods' data go${wipes === "disk" ? ", and the system with its loader" : ""}; user disks stay. Not gracefully: it has been drained and has left etcd.`,
    `Check the address: ${cluster.machine(name).address} is ${name}.`,
  ],
  commands: [
    cluster.talosctl(
      [cluster.machine(name)],
      gone,
      "reset",
      "--graceful=false",
      `--reboot=${afterwards === "maintenance"}`,
      ...(wipes === "disk"
        ? ["--wipe-mode", "system-disk"]
        : ["--system-labels-to-wipe", "STATE", "--system-labels-to-wipe", "EPHEMERAL"]),
    ),
  ],
});
