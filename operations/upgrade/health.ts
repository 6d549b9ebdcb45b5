/** Conditions for a node to go down: each rule gives its findings, and one finding stops. */
import { controlPlanesOf, type Inventory } from "../talos/inventory.ts";
import type { EtcdMember } from "../talos/talosctl-output.ts";
import { STATIC_PODS } from "./kubectl.ts";
import type { Observation } from "./observation.ts";

/** Entries that a member may be behind: etcd itself calls a member ready at 90 % of the leader's log. */
const MOST_RAFT_LAG = 1_000;
/** 90 % of etcd's default quota of 2 GiB. */
const MOST_DATABASE = 0.9 * 2 * 1024 ** 3;
const MOST_CLOCK_SKEW = 5_000;
const NO_LEADER = "0000000000000000";

export interface HealthExpectation {
  /** The one node that may be cordoned, because this run did it. */
  readonly cordoned?: string | null;
  /** The members of etcd when the run began, as `id hostname`. */
  readonly members?: readonly string[] | null;
}

/** Members as text, sorted: to remember them and to compare. */
export const membersOf = ({ etcdMembers }: Pick<Observation, "etcdMembers">): string[] =>
  [...new Set((etcdMembers ?? []).map(({ id, hostname }) => `${id} ${hostname}`))].sort();

/**
 * Lists the problems of machines, etcd, Kubernetes and Cilium; empty when all are well and are what the environment
 * says.
 */
export const healthProblems = (
  inventory: Inventory,
  observation: Observation,
  expectation: HealthExpectation = {},
): string[] => [
  ...observation.failures.map((failure) => `cannot be read: ${failure}`),
  ...machineProblems(inventory, observation),
  ...etcdProblems(inventory, observation, expectation),
  ...nodeProblems(inventory, observation, expectation),
  ...staticPodProblems(inventory, observation),
  ...ciliumProblems(inventory, observation),
  ...clockProblems(inventory, observation),
];

const machineProblems = ({ nodes }: Inventory, { machines }: Observation): string[] =>
  nodes.flatMap(({ name }) => {
    const machine = machines.get(name);
    if (!machine) return [`${name}: its Talos API must answer`];
    const { stage, ready } = machine.status;
    return stage === "running" && ready
      ? []
      : [`${name}: must be running and ready: got ${stage}, ready ${ready}`];
  });

/** Lists the problems of etcd, as its members tell them. */
export const etcdProblems = (
  inventory: Inventory,
  observation: Pick<Observation, "etcdStatus" | "etcdMembers" | "etcdAlarms">,
  { members }: Pick<HealthExpectation, "members"> = {},
): string[] => {
  const { etcdStatus = [], etcdMembers = [], etcdAlarms } = observation;
  const controlPlanes = controlPlanesOf(inventory);
  const leader = etcdStatus.find((status) => status.leader !== NO_LEADER)?.leader;
  const term = etcdStatus[0]?.raftTerm;
  const newest = Math.max(0, ...etcdStatus.map(({ raftIndex }) => raftIndex));
  const now = membersOf(observation);
  const problems = controlPlanes.flatMap(({ name, address }) => {
    const own = etcdStatus.filter(({ node }) => node === address);
    const [status] = own;
    if (!status || own.length !== 1) return [`etcd: ${name} must answer once: got ${own.length} answers`];
    return [
      ...viewProblems(
        inventory,
        name,
        status.member,
        etcdMembers.filter(({ node }) => node === address),
      ),
      ...(status.learner ? [`etcd: ${name} must vote: got a learner`] : []),
      ...(status.errors === "" ? [] : [`etcd: ${name} must have no errors: got ${status.errors}`]),
      ...(status.leader === NO_LEADER || status.leader !== leader
        ? [`etcd: ${name} must follow the one leader${leader ? ` ${leader}` : ""}: got ${status.leader}`]
        : []),
      ...(status.raftTerm === term ? [] : [`etcd: ${name} must be in term ${term}: got ${status.raftTerm}`]),
      ...(newest - status.appliedIndex > MOST_RAFT_LAG
        ? [
            `etcd: ${name} must have applied what is written: got ${newest - status.appliedIndex} entries behind`,
          ]
        : []),
      ...(status.size > MOST_DATABASE
        ? [`etcd: ${name} must keep below 90 % of its quota, defragment it: got ${status.size} bytes`]
        : []),
    ];
  });
  const strangers = etcdStatus.filter(({ node }) => !controlPlanes.some(({ address }) => address === node));
  return [
    ...problems,
    ...strangers.map(
      ({ node }) => `etcd: must be of the environment's control planes: got an answer of ${node}`,
    ),
    ...(etcdAlarms ?? []).map((alarm) => `etcd: must have no alarms: got ${named(alarm, etcdMembers)}`),
    ...(members && members.join() !== now.join()
      ? [`etcd: must have the members of this run's start, ${members.join(", ")}: got ${now.join(", ")}`]
      : []),
  ];
};

/** An alarm with its member's name before the id. */
const named = (alarm: string, members: readonly EtcdMember[]): string =>
  alarm.replace(/[0-9a-f]{16}/, (member) =>
    [members.find(({ id }) => id === member)?.hostname, member].filter(Boolean).join(" "),
  );

/** Each member must see the environment's control planes, at their addresses, all of them voting. */
const viewProblems = (
  inventory: Inventory,
  name: string,
  member: string,
  view: readonly EtcdMember[],
): string[] => {
  const controlPlanes = controlPlanesOf(inventory);
  const expected = controlPlanes.map((node) => `${node.name} at https://${node.address}:2380`).sort();
  const seen = view.map(({ hostname, peerUrls }) => `${hostname} at ${peerUrls.join(",")}`).sort();
  return [
    ...(seen.join() === expected.join()
      ? []
      : [`etcd: ${name} must see the members ${expected.join(", ")}: got ${seen.join(", ") || "none"}`]),
    ...view
      .filter(({ learner }) => learner)
      .map(({ hostname }) => `etcd: ${name} must see no learner: got ${hostname}`),
    ...(view.some(({ id, hostname }) => id === member && hostname === name)
      ? []
      : [`etcd: ${name} must be the member ${member} in its own list`]),
  ];
};

const nodeProblems = (
  { nodes }: Inventory,
  { nodes: found, machines }: Observation,
  { cordoned }: HealthExpectation,
): string[] => {
  if (!found) return [];
  const strangers = found.filter(({ name }) => !nodes.some((node) => node.name === name));
  return [
    ...strangers.map(({ name }) => `${name}: must be a node of the environment`),
    ...nodes.flatMap(({ name, role, address }) => {
      const node = found.find((candidate) => candidate.name === name);
      if (!node) return [`${name}: must be a node of Kubernetes`];
      const bootId = machines.get(name)?.bootId;
      return [
        ...(node.role === role ? [] : [`${name}: must be a ${role}: got a ${node.role}`]),
        ...(node.address === address
          ? []
          : [`${name}: must have the address ${address}: got ${node.address}`]),
        ...(node.ready ? [] : [`${name}: must be Ready`]),
        ...(node.cordoned && name !== cordoned ? [`${name}: must not be cordoned`] : []),
        ...node.pressures.map((pressure) => `${name}: must be without pressure: got ${pressure}`),
        ...(bootId === undefined || bootId === node.bootId
          ? []
          : [`${name}: Kubernetes must know its last restart`]),
      ];
    }),
  ];
};

const staticPodProblems = (inventory: Inventory, { staticPods }: Observation): string[] =>
  staticPods === undefined
    ? []
    : controlPlanesOf(inventory).flatMap(({ name }) =>
        STATIC_PODS.filter(
          (component) =>
            !staticPods.some((pod) => pod.node === name && pod.component === component && pod.ready),
        ).map((component) => `${name}: its ${component} must be Ready`),
      );

const ciliumProblems = ({ nodes }: Inventory, { cilium }: Observation): string[] => {
  if (!cilium) return [];
  const { observed, desired, ready, updated } = cilium;
  const isWell = observed && desired === nodes.length && ready === desired && updated === desired;
  return isWell
    ? []
    : [
        `Cilium: must be ready and current on ${nodes.length} nodes: got ${ready} ready, ${updated} current of ${desired}${observed ? "" : ", not yet observed"}`,
      ];
};

const clockProblems = ({ nodes }: Inventory, { times }: Observation): string[] => {
  if (!times) return [];
  const earliest = Math.min(...times.map(({ time }) => time));
  return nodes.flatMap(({ name, address }) => {
    const own = times.find(({ node }) => node === address);
    if (!own) return [`${name}: must tell its time`];
    const skew = Math.max(Math.abs(own.time - own.server), own.time - earliest);
    return skew > MOST_CLOCK_SKEW ? [`${name}: its clock must be right: got ${skew / 1000} s off`] : [];
  });
};
