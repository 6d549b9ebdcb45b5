import type { Recovery } from "../recovery.ts";
import { duration } from "../recovery.ts";
import { afterwardsSteps, bootstrapSteps, fetchStep, prepareStep, restored } from "../restore-steps.ts";
import type { Runbook } from "../runbook.ts";

/** Every machine is gone: fire, theft, or an apply that wiped them. The buckets and the state are somewhere else. */
export const lostCluster = (recovery: Recovery): Runbook => {
  const { cluster, environment, bootstrapNode } = recovery;
  const names = environment.nodes.map(({ name }) => name);
  const { volumes } = recovery.backup;
  return {
    name: "lost-cluster",
    title: "The whole cluster is lost",
    notice: ["No machine answers, or each waits in maintenance mode, and none will come back with its disk."],
    loses: {
      value: duration(recovery.recoveryPointMinutes),
      basis: "computed",
      why: `What the API held since the newest snapshot. Volumes on iSCSI stay on the storage; those on the machines' own disks go back to their last backup${volumes === null ? ", of which there is none in this environment" : ""}.`,
    },
    takes: {
      value: "3 to 6 h with machines at hand",
      basis: "estimated",
      why: "Installing, one restore of etcd, then as long as ArgoCD and the volumes take.",
    },
    warnings: [...recovery.keyWarnings, ...recovery.nameWarnings],
    steps: [
      ...recovery.nameStep,
      {
        title: "See that the state is there: it holds the machine secrets, and those are the cluster",
        notes: [
          "With the same secrets the new machines are the same cluster: same certificate authorities, same tokens, and the snapshot fits.",
          "The bootstrap is in the state too, so Terraform will not start a second, empty etcd.",
        ],
        commands: [
          "npm run synth",
          recovery.terraform("cluster", "init"),
          recovery.terraform("cluster", "state", "list"),
        ],
        until: "it lists talos_machine_secrets.cluster and talos_machine_bootstrap.cluster",
      },
      {
        title: "If the state is lost: bring back what Terraform must know, before any deploy",
        notes: [
          "From a version of the state, or a copy of it: `terraform state push`. Then skip the rest of this step.",
          "Without any: from the machine configuration of one control plane that you saved, as the machine has it. talosctl v1.12.6 takes it with its other documents, such as HostnameConfig.",
          "Without either, the snapshot cannot be used: it holds what is encrypted and signed with those secrets. Start a new cluster and let GitOps and the volumes fill it.",
          "`talos_machine_bootstrap` takes any id. Imported, it keeps the deploy from starting an empty etcd.",
        ],
        commands: [
          `talosctl gen secrets --from-controlplane-config ${bootstrapNode.name}.yaml --output-file secrets.yaml`,
          recovery.terraform("cluster", "import", "talos_machine_secrets.cluster", "../../../secrets.yaml"),
          recovery.terraform("cluster", "import", "talos_machine_bootstrap.cluster", "restored"),
          "shred --remove secrets.yaml",
        ],
        until: "`state list` shows both",
      },
      prepareStep(recovery),
      fetchStep(recovery),
      {
        title: "Start the new machines in maintenance mode, and write down what they have",
        notes: [
          `mac, installDisk, interface and maintenanceAddress of each into ${cluster.file}; names, roles and addresses stay.`,
        ],
        commands: [
          ...new Set(environment.nodes.map(({ schematic }) => `# image: ${cluster.iso(schematic)}`)),
          ...environment.nodes.map(
            ({ maintenanceAddress, name }) =>
              `talosctl --nodes ${maintenanceAddress ?? "MAINTENANCE-ADDRESS"} get disks --insecure   # ${name}`,
          ),
        ],
        until: "each shows the disk that its data names",
      },
      {
        title: "Give them their configuration",
        notes: [
          "One plan each: the guard lets no plan change several machines. None may show a talos_machine_bootstrap to create. If one does, stop: go back to the step about the state.",
        ],
        commands: recovery.configure(names),
        until: `each has installed itself, and \`talosctl service etcd\` says Preparing on ${recovery.controlPlanes.map(({ name }) => name).join(", ")}`,
      },
      ...bootstrapSteps(recovery),
      ...afterwardsSteps(recovery),
      {
        title: "Bring the volumes back",
        notes: [
          "iSCSI volumes are where they were, and their claims are in the snapshot.",
          volumes === null
            ? "This environment backs no volume up: local ones start empty."
            : "Local ones: the runbook lost-volume, app by app. Databases from their own dumps.",
        ],
      },
    ],
    worked: [...restored(recovery), "Every app answers at its address, with the data that you expect."],
  };
};
