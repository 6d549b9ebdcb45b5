/** The state of a simulated cluster as a whole. */
import type { SimulatedCluster } from "./simulated-cluster.ts";

export const isWhole = (cluster: SimulatedCluster): boolean => {
  const { target } = cluster.inventory;
  return cluster.nodes.every(
    (node) =>
      node.version === target.talos &&
      node.runs === node.schematic &&
      node.kubelet === target.kubernetes &&
      !node.cordoned &&
      node.ready,
  );
};

export const hasQuorum = ({ controlPlanes }: SimulatedCluster): boolean =>
  controlPlanes.filter(({ etcd, up }) => etcd && up).length * 2 > controlPlanes.length;
