import { Quantity } from "../../core/values/quantity.ts";
import {
  FIRMWARE_SHARE_OF_MEMORY,
  type PlatformPods,
  PODS_PER_CLUSTER,
  PODS_PER_NODE,
} from "../../governance/platform-reservation.ts";
import { NAMESPACE_SIZES, type NamespaceRequests, type NamespaceSize } from "../../governance/sizes.ts";
import {
  type ComputeResources,
  type ControlPlaneMode,
  kubeletReservation,
  type NodeRole,
  staticPodRequests,
} from "../../talos/reservations.ts";
import type { Capacity, Compute, ComputeResource, NodeShare } from "./capacity-shape.ts";
import { capacityTable } from "./capacity-table.ts";

const MEBIBYTE = 1024 ** 2;

export interface CapacityNode {
  readonly name: string;
  readonly role: NodeRole;
  /** Cores of the machine. */
  readonly cpu: Quantity;
  /** Memory that is built in. */
  readonly memory: Quantity;
  /**
   * Memory that Kubernetes reports as the node's capacity.
   * @default - what `FIRMWARE_SHARE_OF_MEMORY` leaves of `memory`
   */
  readonly reportedMemory?: Quantity | undefined;
}

export interface CapacityProps {
  /** Name of the environment, for messages. @default - it is not named */
  readonly environment?: string;
  /** Every machine of the cluster. */
  readonly nodes: readonly CapacityNode[];
  /** The nodes that take workloads: control planes too (`converged`), or only workers (`dedicated`). */
  readonly controlPlane: ControlPlaneMode;
  /** Namespaces with the size of their quota. */
  readonly namespaces: readonly { readonly name: string; readonly size: NamespaceSize }[];
  /** The requests that the quota of a namespace allows, by its name. @default - those of the namespace's size */
  readonly requests?: ReadonlyMap<string, NamespaceRequests>;
  /**
   * Accept that only one node takes workloads, so that nothing runs when it is lost: then everything has to fit
   * on it, and no loss is subtracted. Changes nothing when several nodes take workloads.
   * @default false
   */
  readonly acceptSingleNode?: boolean;
}

/** The beginning of a problem. */
const aboutOf = ({ environment }: { readonly environment?: string | undefined }): string =>
  environment === undefined ? "capacity: " : `capacity: ${environment}: `;

const compute = ({ cpu, memory }: ComputeResources): Compute => ({
  cpu: Quantity.parse(cpu),
  memory: Quantity.parse(memory),
});

const map = (of: (resource: ComputeResource) => Quantity): Compute => ({
  cpu: of("cpu"),
  memory: of("memory"),
});

const sum = (amounts: readonly Compute[]): Compute =>
  map((resource) => Quantity.sum(amounts.map((amount) => amount[resource])));

const podsTotal = (pods: readonly PlatformPods[]): Compute =>
  sum(
    pods.map(({ count, requests }) => {
      const one = compute(requests);
      return map((resource) => one[resource].times(count));
    }),
  );

const firmwareOf = ({ memory, reportedMemory }: CapacityNode): Quantity => {
  if (reportedMemory !== undefined) return memory.minus(reportedMemory);
  return Quantity.mebibytes(Math.ceil((memory.toNumber() * FIRMWARE_SHARE_OF_MEMORY) / MEBIBYTE));
};

const shareOf = (node: CapacityNode, controlPlane: ControlPlaneMode): NodeShare & { missing: Compute } => {
  const reservation = kubeletReservation(node.role, controlPlane);
  const capacity = { cpu: node.cpu, memory: node.memory };
  const taken = {
    firmware: { cpu: Quantity.ZERO, memory: firmwareOf(node) },
    kubelet: sum([compute(reservation.systemReserved), compute(reservation.kubeReserved)]),
    eviction: compute({ cpu: "0", memory: reservation.evictionMemory }),
    staticPods: sum(
      node.role === "controlplane" ? Object.values(staticPodRequests(controlPlane)).map(compute) : [],
    ),
    daemonSets: podsTotal(PODS_PER_NODE),
  };
  const rest = map((resource) => capacity[resource].minus(sum(Object.values(taken))[resource]));
  return {
    name: node.name,
    capacity,
    ...taken,
    free: map((resource) => (rest[resource].isNegative ? Quantity.ZERO : rest[resource])),
    missing: map((resource) =>
      rest[resource].isNegative ? Quantity.ZERO.minus(rest[resource]) : Quantity.ZERO,
    ),
  };
};

const largest = (nodes: readonly NodeShare[], resource: ComputeResource): NodeShare | undefined =>
  nodes.reduce<NodeShare | undefined>(
    (best, node) => (!best || node.free[resource].isMoreThan(best.free[resource]) ? node : best),
    undefined,
  );

/**
 * Proves that what the namespaces may request fits the nodes with one of them lost.
 *
 * For CPU and memory by itself: what every node that takes workloads has left after firmware, the kubelet's
 * reservations, eviction threshold, static pods and DaemonSets; minus the node that has most; minus the platform's
 * other pods; minus the sum of the quotas' requests. When it fits, every pod that a quota admitted can be placed
 * again after the loss of any one node, as far as sums can tell: pods are not divisible, so the most memory that a
 * container of a namespace may have must also fit a node that is left.
 *
 * `converged`: all nodes count. `dedicated`: only workers do; platform pods that tolerate control planes are counted
 * on workers all the same, because they may run there.
 *
 * Refused: no node for workloads; a single one, unless accepted; a node too small for its own platform pods.
 */
export const assessCapacity = (props: CapacityProps): Capacity => {
  const { controlPlane, namespaces, acceptSingleNode = false } = props;
  const about = aboutOf(props);
  const nodes = props.nodes
    .filter(({ role }) => controlPlane === "converged" || role === "worker")
    .map((node) => shareOf(node, controlPlane));
  const survivesLoss = nodes.length > 1;
  const lost = {
    cpu: survivesLoss ? largest(nodes, "cpu") : undefined,
    memory: survivesLoss ? largest(nodes, "memory") : undefined,
  };
  const platform = podsTotal(PODS_PER_CLUSTER);
  const quotas = sum(
    namespaces.map(({ name, size }) =>
      compute(props.requests?.get(name) ?? NAMESPACE_SIZES[size].quota.requests),
    ),
  );
  const free = sum(nodes.map((node) => node.free));
  const headroom = map((resource) =>
    free[resource]
      .minus(lost[resource]?.free[resource] ?? Quantity.ZERO)
      .minus(platform[resource])
      .minus(quotas[resource]),
  );
  const result = { nodes, lost, platform, quotas, headroom };
  const table = capacityTable({ ...result, namespaces: namespaces.length });

  const problems: string[] = [];
  if (nodes.length === 0) {
    problems.push(
      `${about}needs a node that takes workloads: got ${props.nodes.length} ${controlPlane} control planes and no worker`,
    );
  } else if (!survivesLoss && !acceptSingleNode) {
    problems.push(
      `${about}needs a second node that takes workloads, as nothing runs when the only one is lost: got ${nodes[0]?.name}`,
    );
  }
  for (const { name, missing } of nodes) {
    for (const resource of ["cpu", "memory"] as const) {
      if (!missing[resource].isZero) {
        problems.push(
          `${about}node ${name}: must hold its own platform pods: lacks ${missing[resource]} ${resource}`,
        );
      }
    }
  }
  problems.push(...containersThatFitNowhere(props, nodes, lost));
  const short = (["cpu", "memory"] as const)
    .filter((resource) => headroom[resource].isNegative)
    .map((resource) => `${Quantity.ZERO.minus(headroom[resource])} ${resource}`);
  if (nodes.length > 0 && short.length > 0) {
    problems.push(
      `${about}the quotas must fit ${survivesLoss ? "with one node lost" : "the only node"}: short of ${short.join(" and ")}\n${table}`,
    );
  }
  return { ...result, table, problems };
};

/**
 * Memory only: a limit range bounds requests by bounding limits, and to bound CPU requests by what a small machine
 * has left would take the burst from everybody.
 */
const containersThatFitNowhere = (
  { namespaces, environment }: CapacityProps,
  nodes: readonly NodeShare[],
  lost: Capacity["lost"],
): string[] => {
  const left = nodes.filter((node) => node !== lost.memory);
  const roomiest = largest(left, "memory")?.free.memory;
  if (!roomiest) return [];
  const about = aboutOf({ environment });
  return namespaces
    .map(({ name, size }) => ({
      name,
      size,
      max: Quantity.parse(NAMESPACE_SIZES[size].container.max.memory),
    }))
    .filter(({ max }) => max.isMoreThan(roomiest))
    .map(
      ({ name, size, max }) =>
        `${about}namespace ${name} (${size}): a container may request ${max} memory, and ${roomiest} is the most that a node has left`,
    );
};
