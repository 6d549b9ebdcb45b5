import type { Recovery } from "../recovery.ts";
import type { Runbook, RunbookStep } from "../runbook.ts";

/** One machine is gone, and the cluster goes on without it. */
export const lostNode = (recovery: Recovery): Runbook => {
  const { cluster, controlPlanes, workers, bootstrapNode, name } = recovery;
  const [substitute] = controlPlanes.filter((node) => node !== bootstrapNode);
  const replace = (node: string) => `npm run homelab -- node replace ${name} ${node} --dead`;
  const bootstrapStep: RunbookStep[] =
    substitute === undefined
      ? []
      : [
          {
            title: `If it is ${bootstrapNode.name}: name another bootstrap node first`,
            notes: [
              `Terraform asks ${bootstrapNode.name} for the kubeconfig. Set cluster.bootstrapNode to ${substitute.name} in ${cluster.file}; nothing is started again.`,
            ],
            commands: ["npm run synth", recovery.deploy("cluster")],
            until: "the plan changes the bootstrap and the kubeconfig in place, and no machine",
          },
        ];
  return {
    name: "lost-node",
    title: "One node is lost",
    notice: [
      "`kubectl get nodes` shows NotReady for more than five minutes, and the machine answers no ping.",
      "The alerts for nodes, or for members of etcd.",
      ...(recovery.spare === 0
        ? [
            `A control plane cannot be lost here: etcd has ${controlPlanes.length} member. Go to lost-majority.`,
          ]
        : []),
    ],
    loses: {
      value: "nothing of the cluster",
      basis: "computed",
      why: `etcd bears the loss of ${recovery.spare} of ${controlPlanes.length}. Volumes on the machine's own disk (local-path) are lost with it: go to lost-volume for each.`,
    },
    takes: {
      value: "5 min until its pods run elsewhere, 30 to 60 min until a machine has taken its place",
      basis: "estimated",
      why: "Five minutes is how long Kubernetes tolerates a node that does not answer. With other hardware at hand.",
    },
    steps: [
      {
        title: "See that only this one is gone",
        commands: [
          "kubectl get nodes -o wide",
          cluster.onControlPlanes([], "etcd", "members"),
          `npm run homelab -- doctor ${name}`,
        ],
        until: "every other node is Ready, and etcd has a leader",
      },
      {
        title: "Power it on again, once",
        notes: ["A machine that comes back joins by itself. Do not replace what only lost its power."],
        until: "it does not come back",
      },
      ...bootstrapStep,
      {
        title: "Replace it under the same name",
        notes: [
          "The command prints the steps with this environment's addresses; follow those to their end.",
          "If only its disk died, node disk in place of node replace: the machine stays, the system is installed anew.",
          "It takes the member out of etcd, the node out of Kubernetes, and the new machine in.",
        ],
        commands: [
          ...controlPlanes.filter((node) => node !== bootstrapNode).map((node) => replace(node.name)),
          ...workers.map((node) => replace(node.name)),
          ...(substitute === undefined ? [] : [`${replace(bootstrapNode.name)}   # after the step before`]),
        ].map((line) => `# ${line}`),
        until: "the last of its steps is done",
      },
    ],
    worked: [
      `\`talosctl etcd members\` shows ${controlPlanes.map((node) => node.name).join(", ")}, none a learner.`,
      "`kubectl get nodes` shows every node as Ready, and `kubectl get pods -A` none that waits for a node.",
      `\`npm run homelab -- upgrade ${name}\` finds all well.`,
    ],
  };
};
