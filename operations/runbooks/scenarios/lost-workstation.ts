import { stateText } from "../../../environments/absent.ts";
import { IDENTITY_FILE, type Recovery } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** The operator's machine is gone, with its files and logins. The cluster runs. */
export const lostWorkstation = (recovery: Recovery): Runbook => {
  const { name, environment, bootstrapNode } = recovery;
  const { state, versions, backup } = environment;
  const isStateLost = state.kind === "local";
  return {
    name: "lost-workstation",
    title: "The operator's workstation is lost",
    notice: [
      "It does not start, or it is stolen: then begin with leaked-key, since a talosconfig is the whole cluster.",
    ],
    loses: {
      value: isStateLost ? "Terraform's state, which was on it" : "what was not pushed",
      basis: "computed",
      why: `The state is ${stateText(state)}. Talosconfig, kubeconfig and keys can be made again${isStateLost ? " only from the machine configuration of a control plane" : " from it"}.`,
    },
    takes: {
      value: "1 to 2 h",
      basis: "estimated",
      why: "A checkout, six tools, and keys of which each is made anew.",
    },
    warnings: [
      ...(isStateLost
        ? [
            "The state lies on the workstation alone: a copy of its directory elsewhere is all that saves the machine secrets.",
          ]
        : []),
      ...(backup !== null && backup.ageRecipients === null ? recovery.keyWarnings.slice(0, 1) : []),
      ...recovery.nameWarnings,
    ],
    steps: [
      {
        title: "Another machine, with the tools",
        notes: [
          `Node.js, Terraform 1.11 or later, talosctl ${versions.talos}, kubectl ${versions.kubernetes}, age, etcdutl, the AWS command line.`,
        ],
        commands: ["git clone REPOSITORY terravixens && cd terravixens", "npm ci", "npm run synth"],
        until: "synthesis passes: it needs no credentials",
      },
      ...recovery.nameStep,
      {
        title: "Keys of the state's bucket and of the backups",
        notes: [
          "On the storage server, as its administrator: another key for the operator's user, and the lost one disabled. The administrator's own password is not on the workstation alone.",
          "Each `TF_VAR_…` of the README's table: writers' keys are made anew there too; Infisical's identity gets another secret; the hash of ArgoCD's password is made from the password.",
          backup === null
            ? "No backup is written here."
            : `\`TF_VAR_age_recipient\` is a public key: ${backup.ageRecipients?.join(", ") ?? "that of the identity"}.`,
        ],
        commands: ["export AWS_ACCESS_KEY_ID=KEY AWS_SECRET_ACCESS_KEY=SECRET"],
      },
      {
        title: "talosconfig and kubeconfig from the state",
        notes: [
          isStateLost
            ? "Put the copy of the state's directory where the environment names it, first."
            : "The state has the certificate authority. The provider signs a new client certificate when less than a month is left.",
        ],
        commands: [
          "umask 077",
          recovery.terraform("cluster", "init"),
          `${recovery.terraform("cluster", "output", "-raw", "talosconfig")} > talosconfig-${name}`,
          `talosctl --talosconfig talosconfig-${name} --nodes ${bootstrapNode.address} kubeconfig kubeconfig-${name}`,
          `kubectl --kubeconfig kubeconfig-${name} get nodes`,
        ],
        until: "kubectl lists the nodes",
      },
      ...(backup === null
        ? []
        : [
            {
              title: "The age identity",
              notes: [
                `As \`${IDENTITY_FILE}\`, from the place off the workstation where it is kept. Where that was the workstation alone: lost-age-key.`,
              ],
              commands: [`age-keygen -y ${IDENTITY_FILE}`],
              until: "it prints the key of `backup.ageRecipients`",
            },
          ]),
      {
        title: "See that nothing is half-done",
        notes: [
          "A lock of the lost machine may be left on a state: the runbook cut-off-deploy says how to look before it is taken off.",
        ],
        commands: [`npm run homelab -- plan ${name}`, `npm run homelab -- drift ${name}`],
        until: "no stack has a change that nobody knows",
      },
    ],
    worked: [
      `\`npm run homelab -- doctor ${name}\` finds nothing.`,
      "The keys of the lost machine are refused.",
    ],
  };
};
