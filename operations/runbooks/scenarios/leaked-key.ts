import type { Recovery } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** Somebody else may have a key. Each opens something else, and is made worthless in another way. */
export const leakedKey = (recovery: Recovery): Runbook => {
  const { name, controlPlanes, workers, bootstrapNode, cluster } = recovery;
  const { lock, endpoint, prefix } = recovery.backup;
  const addresses = (nodes: typeof controlPlanes) => nodes.map(({ address }) => address).join(",");
  return {
    name: "leaked-key",
    title: "A key has leaked",
    notice: [
      "It stands in a repository, a log, a chat; a laptop is stolen; somebody has left.",
      "Objects, versions or logins that nobody can explain.",
    ],
    loses: {
      value:
        "nothing by the leak itself; all Secrets are known to somebody else where the age key or an administrator's key is",
      basis: "computed",
      why: `What each key can do: the writer puts below ${prefix}/ and reads nothing; the reader reads what is encrypted; the age key alone opens nothing without the objects; both together are every Secret of the cluster.${lock === null ? "" : ` None deletes a snapshot that is younger than ${lock.days} days${lock.mode === "compliance" ? "" : ", but for who may bypass governance"}.`}`,
    },
    takes: {
      value: "15 min for a bucket's key, half a day for a certificate authority",
      basis: "estimated",
      why: "A certificate of Talos or Kubernetes cannot be taken back: its authority has to go.",
    },
    steps: [
      {
        title: "Writer of the bucket: take it back first",
        notes: [
          endpoint === null
            ? "Deactivate the key, then replace it: the new one exists before the old one goes."
            : "On the MinIO server: disable the user, make another one with the same policy, hand its key to the stacks.",
          "It could only put. Look for objects that no job wrote: a restore takes the newest, so a forged newest one is the danger. It fails verification only if the forger lacks the public key, so compare revisions.",
        ],
        commands:
          endpoint === null
            ? [
                "aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive",
                `npm run synth && ${recovery.terraform("backup", "state", "list")}`,
                `${recovery.terraform("backup", "plan", "-replace=ADDRESS-OF-THE-ACCESS-KEY", "-out=key.tfplan")}`,
                recovery.terraform("backup", "apply", "key.tfplan"),
                recovery.deploy("platform"),
              ]
            : [
                "mc admin user disable ALIAS USER",
                "mc admin user add ALIAS NEW-USER",
                recovery.deploy("backup"),
                recovery.deploy("platform"),
              ],
        until: "the old key is refused, and a job with the new one ends well",
      },
      {
        title: "ArgoCD's admin password: another one, and every login ends",
        notes: [
          `The hash comes from a prompt, never from an argument. Set argocd.adminPasswordChangedAt in environments/${recovery.name}.ts to now (UTC): without it the logins that were issued before go on.`,
        ],
        commands: [
          `export TF_VAR_argocd_admin_password_hash="$(htpasswd -nBC 10 '' | tr -d ':\n')"`,
          recovery.deploy("platform"),
        ],
        until: "the old password is refused, and a browser that was logged in has to log in again",
      },
      {
        title: "age identity: make another one",
        notes: [
          "What was encrypted to the old one stays readable with it, for whoever has the objects: treat every Secret as known, and change the certificate authorities below.",
          "Keep the old identity until the last snapshot that needs it has expired. The build that is pinned encrypts to one recipient.",
          "The new public key goes to `backup.ageRecipients`.",
        ],
        commands: [
          "umask 077",
          "age-keygen --output new-backup-key.txt",
          "npm run synth",
          recovery.deploy("platform"),
        ],
        until: "the next snapshot is verified with the new identity",
      },
      {
        title: "talosconfig, kubeconfig or machine secrets: change the certificate authorities",
        notes: [
          "First without effect, as it is by default; it lists the nodes and what it would do. Take a snapshot before.",
          "It changes Talos' and Kubernetes' authority on the machines, not the other secrets (tokens, encryption key, service accounts): where those are known too, build a new cluster (lost-cluster, without the snapshot).",
        ],
        commands: [
          recovery.direct(bootstrapNode, "etcd", "snapshot", `${name}-before-rotation.snapshot`),
          ...["true", "false"].map((dryRun) =>
            recovery.direct(
              bootstrapNode,
              "rotate-ca",
              `--control-plane-nodes=${addresses(controlPlanes)}`,
              ...(workers.length > 0 ? [`--worker-nodes=${addresses(workers)}`] : []),
              `--dry-run=${dryRun}`,
              `--output=talosconfig-${name}-new`,
            ),
          ),
        ],
        until: "it ends without an error, and the old talosconfig is refused",
      },
      {
        title: "Tell Terraform, before anything is deployed",
        notes: [
          "Its state still has the old authority: the next apply would put it back on every machine. Import what the machines have now.",
          "Take every document but v1alpha1 out of the file before `gen secrets`.",
        ],
        commands: [
          "umask 077",
          `talosctl --talosconfig talosconfig-${name}-new --nodes ${bootstrapNode.address} get machineconfig v1alpha1 --output 'jsonpath={.spec}' > controlplane.yaml`,
          "talosctl gen secrets --from-controlplane-config controlplane.yaml --output-file secrets.yaml",
          recovery.terraform("cluster", "state", "pull", ">", "state-before.json"),
          recovery.terraform("cluster", "state", "rm", "talos_machine_secrets.cluster"),
          recovery.terraform("cluster", "import", "talos_machine_secrets.cluster", "../../../secrets.yaml"),
          recovery.terraform("cluster", "plan"),
          "shred --remove secrets.yaml controlplane.yaml",
        ],
        until:
          "the plan changes no machine's certificate authority; otherwise push state-before.json back and ask",
      },
      {
        title: "Deploy, and hand the new credentials out",
        commands: [cluster.deploy(), recovery.deploy("platform"), recovery.deploy("apps")],
        until: "each plan shows what you expect, and the providers log in",
      },
      {
        title: "Keys of the state's bucket, and of who deploys",
        notes: [
          `The state at ${recovery.stateKey("cluster")} holds the machine secrets in clear: who could read it has the cluster. Then the steps above come first.`,
        ],
      },
      ...recovery.backUpNow("rotation"),
    ],
    worked: [
      "The old key, tried by hand, is refused.",
      `\`npm run homelab -- doctor ${name}\` finds nothing; a plan of each stack is empty.`,
      "The place where it leaked is cleaned, and a check would find the next one.",
    ],
  };
};
