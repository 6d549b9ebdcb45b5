/** Answers of talosctl about the simulated cluster. */

import { etcdMembersText, etcdStatusText, resourceText, timeText } from "../talos/talosctl-formats.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import { bootId, type SimulatedNode } from "./simulated-node.ts";

const NO_LEADER = "0000000000000000";

/**
 * @param line the command without its global flags
 * @param node the first that is asked and is up
 * @param up all that are asked and are up
 */
export const talosctlText = (
  { controlPlanes, alarm, now }: SimulatedCluster,
  line: string,
  node: SimulatedNode,
  up: readonly SimulatedNode[],
): string | undefined => {
  const leader = controlPlanes.find(({ etcd }) => etcd)?.member ?? NO_LEADER;
  switch (line) {
    case "get version -o json":
      return resourceText(node.address, "Versions.runtime.talos.dev", "version", { version: node.version });
    case "get extensions -o json":
      return resourceText(node.address, "ExtensionStatuses.runtime.talos.dev", "0", {
        metadata: { name: "schematic", version: node.runs },
      });
    case "get machinestatus -o json":
      return resourceText(node.address, "MachineStatuses.runtime.talos.dev", "machine", {
        stage: node.stage,
        status: { ready: node.stage === "running", unmetConditions: [] },
      });
    case "get securitystate -o json":
      return resourceText(node.address, "SecurityStates.talos.dev", "securitystate", { secureBoot: false });
    case "read /proc/sys/kernel/random/boot_id":
      return `${bootId(node)}\n`;
    case "etcd status":
      return etcdStatusText(
        up
          .filter(({ etcd }) => etcd)
          .map(({ address, member }) => ({ node: address, member, leader, errors: alarm })),
      );
    case "etcd members": {
      const members = controlPlanes.map(({ member, name, address }) => ({
        id: member,
        hostname: name,
        address,
      }));
      return etcdMembersText(new Map(up.map(({ address }) => [address, members])));
    }
    case "etcd alarm list":
      return "";
    case "time":
      return timeText(up.map(({ address }) => ({ node: address, time: now, server: now })));
    default:
      return undefined;
  }
};
