import type { Recovery } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** Certificates or keys ran out: the cluster is well, and lets nobody in. */
export const expiredCredentials = (recovery: Recovery): Runbook => {
  const { name, bootstrapNode, controlPlanes } = recovery;
  return {
    name: "expired-credentials",
    title: "Credentials have expired",
    notice: [
      "talosctl or kubectl says `certificate has expired`, `x509` or `Unauthorized`; a plan fails with the same.",
      `\`npm run homelab -- doctor ${name}\` gives the days that are left, and warns a month before.`,
      "The alerts for certificates, or backup jobs that fail with `AccessDenied` or `InvalidAccessKeyId`.",
    ],
    loses: {
      value: "nothing",
      basis: "computed",
      why: "Apps go on. No snapshot is written while the key of the bucket is refused.",
    },
    takes: {
      value: "15 min with the state at hand",
      basis: "estimated",
      why: "One plan and one apply of the cluster's stack, which touches no machine.",
    },
    steps: [
      {
        title: "See which of them it is",
        notes: [
          "The talosconfig and the kubeconfig last a year. Talos renews what is on the machines by itself; a clock that is wrong looks just the same.",
        ],
        commands: [`npm run homelab -- doctor ${name}`, "date --utc"],
        until: "it names the file, and the clocks agree",
      },
      {
        title: "talosconfig: have Terraform sign a new certificate",
        notes: [
          "The state has the certificate authority. The provider signs anew when less than a month is left, in an apply; no plan of it touches a machine.",
          "The plan may show talos_machine_secrets.cluster with a new client_configuration. A change of machine_secrets is refused by the guard, and rightly.",
        ],
        commands: [
          recovery.deploy("cluster"),
          "umask 077",
          `${recovery.terraform("cluster", "output", "-raw", "talosconfig")} > talosconfig-${name}`,
          `talosctl --talosconfig talosconfig-${name} --nodes ${bootstrapNode.address} version`,
        ],
        until: "the machine answers",
      },
      {
        title: "kubeconfig: fetch another one",
        notes: ["With a talosconfig that works, Talos makes one at any time."],
        commands: [
          `talosctl --talosconfig talosconfig-${name} --nodes ${bootstrapNode.address} kubeconfig kubeconfig-${name}`,
          `kubectl --kubeconfig kubeconfig-${name} get nodes`,
          recovery.deploy("cluster"),
        ],
        until:
          "kubectl lists the nodes, and the plan of the cluster renews the kubeconfig of the state or nothing",
      },
      {
        title: "Certificates of Kubernetes itself: restart what still holds old ones",
        notes: [
          "Talos renews them; a kubelet takes its new one when it starts. Once a year a machine must have been restarted.",
        ],
        commands: controlPlanes.map((node) => recovery.direct(node, "service", "kubelet", "restart")),
        until: "every node is Ready",
      },
      {
        title: "Keys of buckets",
        notes: [
          recovery.backup.endpoint === null
            ? "The writer's key is the stack's own: replace it, and the platform takes the new one."
            : "Make another key for the same MinIO user, hand it to both stacks in the environment, and delete the old one last.",
        ],
        commands: [recovery.deploy("backup"), recovery.deploy("platform")],
        until: "the Secret is updated in place, and the next job ends well",
      },
      ...recovery.backUpNow("renewal"),
    ],
    worked: [
      `\`npm run homelab -- doctor ${name}\` shows more than 300 days for talosconfig and kubeconfig.`,
      "The old files are deleted from every workstation.",
    ],
  };
};
