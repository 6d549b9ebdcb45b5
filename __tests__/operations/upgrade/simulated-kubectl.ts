/** The Kubernetes side of the simulated cluster. */
import type { CommandResult } from "../../../lib/core/process/command.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import { bootId, MINUTE, type SimulatedNode } from "./simulated-node.ts";
import { hasQuorum } from "./simulated-state.ts";

const ok = (value: unknown): CommandResult => ({
  code: 0,
  stdout: typeof value === "string" ? value : JSON.stringify(value),
  stderr: "",
  timedOut: false,
});
const failed = (stderr: string): CommandResult => ({ code: 1, stdout: "", stderr, timedOut: false });

const condition = (type: string, holds: boolean) => ({ type, status: holds ? "True" : "False" });

const nodeObject = (node: SimulatedNode) => ({
  metadata: {
    name: node.name,
    labels: node.role === "controlplane" ? { "node-role.kubernetes.io/control-plane": "" } : {},
  },
  spec: node.cordoned ? { unschedulable: true } : {},
  status: {
    addresses: [
      { type: "Hostname", address: node.name },
      { type: "InternalIP", address: node.address },
    ],
    conditions: [condition("MemoryPressure", false), condition("Ready", node.ready)],
    nodeInfo: { kubeletVersion: node.kubelet, bootID: bootId(node), osImage: `Talos (${node.version})` },
  },
});

const staticPods = (node: SimulatedNode) =>
  ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((component) => ({
    metadata: { name: `${component}-${node.name}`, labels: { tier: "control-plane", "k8s-app": component } },
    spec: {
      nodeName: node.name,
      containers: [{ name: component, image: `registry.k8s.io/${component}:${node.pods}` }],
    },
    status: { conditions: [condition("Ready", node.ready)] },
  }));

export const kubectlAnswer = (
  cluster: SimulatedCluster,
  args: readonly string[],
  waits: boolean,
): CommandResult => {
  if (!hasQuorum(cluster)) return failed("Unable to connect to the server");
  const { nodes } = cluster;
  const line = args.join(" ");
  if (line === "get nodes -o json") return ok({ items: nodes.map(nodeObject) });
  if (line.includes("-l tier=control-plane")) return ok({ items: cluster.controlPlanes.flatMap(staticPods) });
  if (line.includes("daemonset cilium")) {
    const ready = nodes.filter((node) => node.ready).length;
    return ok({
      metadata: { name: "cilium", generation: 3 },
      status: {
        observedGeneration: 3,
        desiredNumberScheduled: nodes.length,
        numberReady: ready,
        updatedNumberScheduled: nodes.length,
      },
    });
  }
  const [, name] = /spec\.nodeName=(\S+)/.exec(line) ?? [];
  if (name) return ok({ items: [{ metadata: { name: `cilium-${name}` }, spec: {}, status: {} }] });
  const [, agent] = /exec cilium-(\S+) -c cilium-agent -- cilium-dbg status --brief/.exec(line) ?? [];
  if (agent) return cluster.node(agent).ready ? ok("OK\n") : failed("cilium: daemon unreachable");
  const [, verb, subject = ""] = /^(drain|uncordon) (\S+)/.exec(line) ?? [];
  if (verb === "drain") {
    cluster.node(subject).cordoned = true;
    if (waits) cluster.advance(MINUTE);
    return ok(`node/${subject} drained\n`);
  }
  if (verb === "uncordon") {
    cluster.node(subject).cordoned = false;
    return ok(`node/${subject} uncordoned\n`);
  }
  return failed(`unknown command ${line}`);
};
