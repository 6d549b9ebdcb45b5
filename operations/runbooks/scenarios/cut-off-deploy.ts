import { INIT_ANEW, importObject, SHOW_LOCK, unlock } from "../../deploy/terraform-commands.ts";
import type { Recovery } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** A workstation loses power during a deploy. */
export const cutOffDeploy = ({ name }: Recovery): Runbook => {
  const terraform = (args: readonly string[]) => `terraform -chdir=cdktf.out/stacks/STACK ${args.join(" ")}`;
  return {
    name: "cut-off-deploy",
    title: "A deploy was cut off",
    notice: [
      "The workstation or the runner lost power or its network during `npm run homelab -- deploy`, or somebody killed it.",
      "The next deploy ends with `Error acquiring the state lock`, or with `already exists`.",
    ],
    loses: {
      value: "nothing in the cluster; up to 20 s of what the state knows",
      basis: "computed",
      why: "Terraform writes a remote state every 20 s. What it made since is there, and the state does not know it.",
    },
    takes: {
      value: "15 min",
      basis: "estimated",
      why: "A plan and an apply, and an import for each object that the state has forgotten.",
    },
    steps: [
      {
        title: "Be sure that nobody deploys",
        notes: [
          "STACK is the one that the deploy had come to: those before it are finished, those after it not begun.",
          "The error names who locked the state, and when. Only when that process is gone the lock is nobody's.",
          `The first deploy of ${name}-cluster: when \`terraform state list\` has no talos_machine_secrets, machines that it configured already cannot be reached any more. Reset them, as in lost-cluster.`,
          "An `errored.tfstate` in the stack's directory is newer than the bucket: `terraform state push errored.tfstate` there, first.",
        ],
        commands: ["npm run synth", terraform(INIT_ANEW), terraform(SHOW_LOCK)],
        ranBy: "end-to-end run",
        until:
          "the process that holds the lock has ended and you have the lock's ID, or there is no lock: then go to 3",
      },
      {
        title: "Take the lock away",
        commands: [terraform(unlock("ID"))],
        ranBy: "end-to-end run",
        until: "the plan no longer speaks of a lock",
      },
      {
        title: "Deploy again",
        notes: [
          "It goes on where it was. Custom resources, such as policies and Applications, are applied again without a word.",
          "`already exists`: the next step, then this one again, until nothing is left to say.",
        ],
        commands: [`npm run homelab -- deploy ${name}-LAYER`],
        until: "it is applied, or says what exists already",
      },
      {
        title: "Import what exists already",
        notes: [
          "The error has the address after `with`. An object of Kubernetes is imported by NAMESPACE/NAME, one without a namespace by NAME, a bucket by its name.",
        ],
        commands: [terraform(importObject("ADDRESS", "NAMESPACE/NAME"))],
        ranBy: "end-to-end run",
        until: "each address that was named is in the state",
      },
    ],
    worked: [
      `A plan of each of the four stacks is empty: \`npm run homelab -- drift ${name}\`.`,
      `\`npm run homelab -- doctor ${name}\` finds all well.`,
    ],
  };
};
