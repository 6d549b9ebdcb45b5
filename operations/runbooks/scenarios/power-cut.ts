import type { Recovery } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** The whole site lost its power, and comes back from nothing. */
export const powerCut = (recovery: Recovery): Runbook => {
  const { cluster, controlPlanes, workers, environment, name } = recovery;
  const { nodes, gitops, loadBalancer } = environment;
  const resolvers = [...new Set(nodes.flatMap(({ nameservers }) => nameservers.map(String)))];
  const gateways = [
    ...new Set(nodes.flatMap(({ vlans }) => vlans.flatMap(({ gateway }) => (gateway ? `${gateway}` : [])))),
  ];
  const storage = recovery.servers.map(({ host }) => host);
  return {
    name: "power-cut",
    title: "The whole site was without power",
    notice: ["Everything is dark, or everything came back at once and half of it waits for the other half."],
    loses: {
      value: "what was not yet on a disk",
      basis: "computed",
      why: "etcd writes each change to disk before it answers; apps with volumes recover as after a crash.",
    },
    takes: {
      value: "20 to 40 min",
      basis: "estimated",
      why: "Firmware and network minutes, then the cluster by itself; nobody has measured it.",
    },
    warnings: recovery.nameWarnings,
    steps: [
      {
        title: "Router and switches first",
        notes: [
          `Gateways of the nodes: ${gateways.join(", ")}. Resolvers of the nodes: ${resolvers.join(", ")}; at least one of each node answers without the cluster, which synthesis checks.`,
          "A link lamp that is dark on an uplink is the cable or the switch, not the machine.",
        ],
        commands: [...gateways.map((gateway) => `ping -c 3 ${gateway}`)],
        until:
          "the gateways answer, and a name of the internet resolves through a resolver outside of the cluster",
      },
      {
        title: "Then the storage",
        notes: [
          `It holds the state, the secrets and the backups (${storage.join(", ") || "nothing is named here"}), and the iSCSI volumes: pods that start before it wait, and recover by themselves.`,
          "Do not start it twice: a file system check after a power cut takes its time.",
        ],
        commands: recovery.servers.map(
          (url) =>
            `curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}\\n' ${recovery.addressed(url)}`,
        ),
        until: "each prints a status, whichever",
      },
      ...recovery.nameStep,
      {
        title: "Then the control planes, all of them",
        notes: [
          "Together, not one by one: etcd starts with a majority. Each waits for the time first: a clock that is years off is a dead battery.",
          "A machine that shows its firmware's menu, or no boot device, has lost its boot entry (siderolabs/talos#14146): choose the disk by hand, and see docs/runbooks/upgrade.md.",
        ],
        commands: controlPlanes.flatMap((node) => [
          recovery.direct(node, "service", "etcd"),
          recovery.direct(node, "time"),
        ]),
        until: `etcd is Running with a leader on ${controlPlanes.length - recovery.spare} of ${controlPlanes.length}; if not, go to etcd or lost-majority`,
      },
      {
        title: `Then the workers${workers.length > 0 ? `, ${workers.map((node) => node.name).join(", ")}` : ": there are none"}`,
        commands: ["kubectl get nodes -o wide", cluster.onControlPlanes([], "etcd", "status")],
        until: "every node is Ready",
      },
      {
        title: "The network, then what stands on it",
        notes: [
          `Cilium first, then CoreDNS, then Traefik at ${loadBalancer.static.start}–${loadBalancer.static.stop}: the resolver behind it answers only now.`,
          "Pods that cannot pull wait with growing pauses, at most five minutes: let them.",
        ],
        commands: [
          "kubectl --namespace kube-system rollout status daemonset/cilium --timeout=10m",
          "kubectl --namespace kube-system rollout status deployment/coredns --timeout=5m",
          "kubectl get pods --all-namespaces --field-selector=status.phase!=Running,status.phase!=Succeeded",
        ],
        until: "what is left waits for a volume, an image or a secret, and says which",
      },
      {
        title: "ArgoCD, and what it syncs from",
        notes: [`It reads ${gitops.repository}; without the internet it keeps what runs.`],
        commands: ["kubectl --namespace argocd get applications"],
        until: "all are Healthy; OutOfSync may stay until the repository answers",
      },
      {
        title: "Look at the whole",
        commands: [`npm run homelab -- doctor ${name}`],
        until: "it finds nothing, or only what you know",
      },
      ...recovery.backUpNow("power-cut"),
    ],
    worked: ["`homelab doctor` finds nothing.", "Each app that people use shows what they left there."],
  };
};
