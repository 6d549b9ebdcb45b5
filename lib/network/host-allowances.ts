import { API_SERVER_PORT } from "../core/platform/api-server.ts";
import { etcdBackupAccess } from "../core/platform/etcd-backup-access.ts";
import { ETCD_METRICS_PORT } from "../core/platform/etcd-metrics.ts";
import type { HostAllowance } from "./host-allowance.ts";
import type { HostPolicyRules } from "./host-policy-rules.ts";
import { Peer } from "./peer.ts";
import { platformPods } from "./platform-pods.ts";
import { Port } from "./port.ts";

/** The other nodes, with an API server or without. */
const nodes = Peer.entities("remote-node");
const world = Peer.entities("world");

/**
 * The reviewed list of what nodes need, and what is asked for beside it.
 *
 * - With the host firewall on, pods reach other nodes through the tunnel and keep their identity, so pods are named.
 * - etcd and trustd are open to every node, not to control planes alone: Cilium knows a control plane by its API server,
 *   and one whose API server is down needs etcd to get it back. Both ask for a client certificate.
 * - Sources: Talos "Network Connectivity" and "Ingress Firewall"; the listeners of chart cilium 1.18.3.
 */
export const hostAllowances = (
  rules: HostPolicyRules,
): { readonly ingress: readonly HostAllowance[]; readonly egress: readonly HostAllowance[] } => {
  const management = rules.managementCidrs.map((cidr) => Peer.cidr(`${cidr}`));
  return {
    ingress: [
      {
        name: "tunnel",
        why: "Traffic between pods of different nodes travels in VXLAN.",
        nodes: "all",
        peers: [nodes],
        ports: [Port.udp(8472)],
      },
      {
        name: "health",
        why: "Cilium probes every node; operators ping it.",
        nodes: "all",
        peers: [nodes, Peer.health(), ...management],
        ports: [Port.ping()],
      },
      {
        name: "cilium-health",
        why: "Cilium probes the health server of every node.",
        nodes: "all",
        peers: [nodes, Peer.health()],
        ports: [Port.tcp(4240)],
      },
      {
        name: "kubelet",
        why: "API servers reach the kubelet for logs, exec and metrics.",
        nodes: "all",
        peers: [nodes],
        ports: [Port.tcp(10250)],
      },
      {
        name: "talos",
        why: "Operators, other nodes and the etcd backup use the Talos API.",
        nodes: "all",
        peers: [nodes, platformPods.etcdBackup.peer, ...management],
        ports: [Port.tcp(etcdBackupAccess.talosApiPort)],
      },
      {
        name: "trustd",
        why: "Workers get their certificates from the control planes.",
        nodes: "control planes",
        peers: [nodes],
        ports: [Port.tcp(50001)],
      },
      {
        name: "etcd",
        why: "Members of etcd talk to each other.",
        nodes: "control planes",
        peers: [nodes],
        ports: [Port.tcp(2379, 2380)],
      },
      {
        name: "kube-apiserver",
        why: "Pods, nodes and operators use the Kubernetes API, also at its VIP.",
        nodes: "control planes",
        peers: [Peer.everyPod(), nodes, ...management],
        ports: [Port.tcp(API_SERVER_PORT)],
      },
      {
        name: "dns",
        why: "CoreDNS forwards to Talos host DNS on its own node.",
        nodes: "all",
        peers: [platformPods.coredns.peer],
        ports: [Port.udp(53), Port.tcp(53)],
      },
      {
        name: "hubble",
        why: "Hubble relay collects flows from every agent.",
        nodes: "all",
        peers: [platformPods.hubbleRelay.peer],
        ports: [Port.tcp(4244)],
      },
      {
        name: "metrics",
        why: "The metrics agent scrapes Cilium, the node exporter, the kubelet, and etcd where it is.",
        nodes: "all",
        peers: [platformPods.scraper.peer],
        ports: [Port.tcp(9962, 9965), Port.tcp(9100), Port.tcp(10250), Port.tcp(ETCD_METRICS_PORT)],
      },
      ...(rules.ingress ?? []),
    ],
    egress:
      rules.egress === undefined
        ? []
        : [
            {
              name: "names-and-time",
              why: "Nodes resolve names and set their clocks.",
              nodes: "all",
              peers: [world],
              ports: [Port.udp(53), Port.tcp(53), Port.udp(123)],
            },
            {
              name: "images",
              why: "Nodes pull images and Talos installers; registries have no fixed addresses.",
              nodes: "all",
              peers: [world],
              ports: [Port.tcp(443)],
            },
            {
              name: "vip",
              why: "The API's moving address belongs to no node that Cilium knows.",
              nodes: "all",
              peers: [Peer.cidr(`${rules.vip}/32`)],
              ports: [Port.tcp(API_SERVER_PORT)],
            },
            ...rules.egress,
          ],
  };
};
