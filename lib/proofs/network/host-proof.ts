/** Proves host policies: nodes live, and what manages them is out of reach. */

import type { HostPolicyRules } from "../../network/host-policy-rules.ts";
import { platformPods } from "../../network/platform-pods.ts";
import type { Identity } from "../evaluator/identities.ts";
import { PolicySet } from "../evaluator/policy-set.ts";
import { explainSide } from "../evaluator/verdict.ts";
import type { ProofFlow } from "./flow.ts";
import { displayFlow } from "./flow.ts";
import { anyApp } from "./inventory.ts";

type Ports = readonly (readonly [ProofFlow["protocol"], number])[];

const CONTROL_PLANE = "control plane";
const WORKER = "worker";
const NODES = [CONTROL_PLANE, WORKER];
const OTHER_NODE = "other node";
const API_SERVER = "node with an API server";
const APP = "apps/any-app";
const INTERNET = "internet";
const HEALTH = "cilium-health";
const MANAGEMENT = "management";
const VIP = "VIP";

const tcp = (...ports: number[]): Ports => ports.map((port) => ["TCP", port] as const);
const udp = (...ports: number[]): Ports => ports.map((port) => ["UDP", port] as const);
const PING: Ports = [["ICMP", 8]];

const flows = (
  name: string,
  from: readonly string[],
  to: readonly string[],
  ports: Ports,
  /** Of the host allowance that keeps them open; none for what must die. */
  allowance?: string,
): readonly ProofFlow[] =>
  from.flatMap((source) =>
    to.flatMap((destination) =>
      ports.map(([protocol, port]) => ({
        name,
        from: source,
        to: destination,
        protocol,
        port,
        ...(allowance !== undefined && { allowance: `platform-host-${allowance}` }),
      })),
    ),
  );

/** Flows that must live, written from what nodes do and not from the allowances. */
const livingFlows = (egress: boolean): readonly ProofFlow[] => {
  const others = [OTHER_NODE, API_SERVER];
  const { coredns, hubbleRelay, scraper, etcdBackup } = platformPods;
  return [
    ...flows("VXLAN", others, NODES, udp(8472), "tunnel"),
    ...flows("cilium-health", [...others, HEALTH], NODES, tcp(4240), "cilium-health"),
    ...flows("cilium-health", [...others, HEALTH], NODES, PING, "health"),
    ...flows("kubelet", others, NODES, tcp(10250), "kubelet"),
    ...flows("Talos API", [...others, MANAGEMENT, etcdBackup.id], NODES, tcp(50000), "talos"),
    ...flows("trustd", others, [CONTROL_PLANE], tcp(50001), "trustd"),
    ...flows("etcd", others, [CONTROL_PLANE], tcp(2379, 2380), "etcd"),
    ...flows("Kubernetes API", [...others, MANAGEMENT, APP], [CONTROL_PLANE], tcp(6443), "kube-apiserver"),
    ...flows("DNS upstream", [coredns.id], NODES, [...tcp(53), ...udp(53)], "dns"),
    ...flows("Hubble", [hubbleRelay.id], NODES, tcp(4244), "hubble"),
    ...flows("metrics", [scraper.id], NODES, tcp(9962, 9963, 9964, 9965, 9100, 10250), "metrics"),
    ...flows("etcd metrics", [scraper.id], [CONTROL_PLANE], tcp(2381), "metrics"),
    ...flows("ping", [MANAGEMENT], NODES, PING, "health"),
    ...NODES.flatMap((node) => flows("own processes", [node], [node], tcp(7445, 50000), "own")),
    ...flows("kubelet probes", NODES, [APP], tcp(8080), "own"),
    ...flows("names and time", NODES, [INTERNET], [...tcp(53), ...udp(53, 123)], "names-and-time"),
    ...flows("images", NODES, [INTERNET], tcp(443), "images"),
    ...flows("Kubernetes API", NODES, [VIP], tcp(6443), "vip"),
    ...flows("other nodes", NODES, [OTHER_NODE], [...tcp(6443, 10250, 50000), ...udp(8472)], "own"),
    ...(egress ? [] : flows("egress is left open", NODES, [INTERNET], tcp(3260))),
  ];
};

/** Flows that must die, and no allowance can grant. */
const deadFlows: readonly ProofFlow[] = [
  ...flows("internet → node management", [INTERNET], NODES, [
    ...tcp(50000, 50001, 2379, 2380, 2381, 10250, 6443, 4244),
    ...udp(8472),
  ]),
  ...flows("app → node management", [APP], NODES, tcp(50000, 50001, 2379, 2380, 2381, 10250, 4244)),
  ...flows("management → inside of the control plane", [MANAGEMENT], NODES, tcp(2379, 2380, 2381, 50001)),
  ...flows("worker without etcd, trustd and API", [OTHER_NODE], [WORKER], tcp(2379, 2380, 50001, 6443)),
];

/** Lines for what does not hold under the policies when they are enforced. */
export const hostProblems = (policies: readonly unknown[], rules: HostPolicyRules): string[] => {
  const set = PolicySet.compile(policies, { hostFirewall: true });
  const evaluator = set.over(identities(rules));
  const decided = (some: readonly ProofFlow[], wanted: "allowed" | "denied", list: string) =>
    some
      .map((flow) => ({ flow, verdict: evaluator.evaluate(flow) }))
      .filter(({ verdict }) => verdict.decision !== wanted)
      .map(({ flow, verdict: { decision, egress, ingress } }) =>
        [
          `${list}: ${flow.name}: ${displayFlow(flow)} is ${decision}: ${explainSide("egress", egress)}`,
          explainSide("ingress", ingress),
          ...(flow.allowance === undefined ? [] : [`the host allowance ${flow.allowance} must hold it`]),
        ].join("; "),
      );
  return [
    ...set.rejected.map(({ policy, error }) => `${policy.kind} ${policy.name}: Cilium rejects it: ${error}`),
    ...decided(livingFlows(rules.egress !== undefined), "allowed", "must live"),
    ...decided(deadFlows, "denied", "must die"),
  ];
};

const identities = ({ vip, managementCidrs }: HostPolicyRules): readonly Identity[] => [
  {
    id: CONTROL_PLANE,
    kind: "host",
    kubeApiserver: true,
    labels: { "node-role.kubernetes.io/control-plane": "" },
  },
  { id: WORKER, kind: "host" },
  { id: OTHER_NODE, kind: "remote-node" },
  { id: API_SERVER, kind: "kube-apiserver" },
  { id: HEALTH, kind: "health" },
  { id: INTERNET, kind: "world" },
  { id: VIP, kind: "cidr", cidr: `${vip}/32` },
  { id: MANAGEMENT, kind: "cidr", cidr: `${managementCidrs[0] ?? ""}` },
  { id: APP, kind: "pod", ...anyApp("apps") },
  ...Object.values(platformPods).map(
    ({ id, namespace, labels }): Identity => ({ id, kind: "pod", namespace, labels }),
  ),
];
