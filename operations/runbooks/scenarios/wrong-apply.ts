import { stateBucketOf, stateText } from "../../../environments/absent.ts";
import type { Recovery } from "../recovery.ts";
import { duration } from "../recovery.ts";
import type { Runbook } from "../runbook.ts";

/** Runbook for a wrong apply: in January 2026 one wiped prod. */
export const wrongApply = (recovery: Recovery): Runbook => {
  const { name, cluster, environment } = recovery;
  const store = stateBucketOf(environment);
  const at =
    store &&
    `--bucket ${store.bucket} --region ${store.region} --endpoint-url ${recovery.addressed(store.endpoint)}`;
  return {
    name: "wrong-apply",
    title: "An apply did something wrong",
    notice: [
      "The apply says what it destroyed or changed, and it is not what was meant.",
      "Right after an apply: nodes NotReady, flows that are closed, apps that are gone.",
    ],
    loses: {
      value: `nothing where objects in the cluster changed; ${duration(recovery.recoveryPointMinutes)} where etcd was lost`,
      basis: "computed",
      why: "Objects are made again from code. Machines that were wiped make it another scenario.",
    },
    takes: {
      value: "15 min for objects in the cluster",
      basis: "estimated",
      why: "One revert, one plan, one apply. Otherwise as the scenario that it has become.",
    },
    steps: [
      {
        title: "Interrupt it, once",
        notes: [
          "Ctrl-C once: Terraform ends the resource at hand and writes the state. A second one may lose the state.",
          "Never start a second apply to mend the first before you know what happened. Nobody else deploys from now on.",
        ],
        until: "Terraform has ended, and no lock is left",
      },
      {
        title: "See what it touched",
        notes: ["Keep the output of the apply: it is the list of what to look at."],
        commands: [
          cluster.onControlPlanes([], "etcd", "members"),
          "kubectl get nodes -o wide",
          "kubectl get namespaces",
          `npm run homelab -- doctor ${name}`,
        ],
        until: "you know whether machines, the state or objects in the cluster are concerned",
      },
      {
        title: "If machines were reset",
        notes: [
          `Up to ${recovery.spare} control plane: the runbook lost-node. More: lost-majority, and save what the others still have before anything else. All: lost-cluster.`,
        ],
      },
      {
        title: "If the state is wrong: take the version from before",
        notes: [
          "Only when what it says is not what is there. A state that is right after a wrong apply stays.",
          "The bucket of the state has versions only where somebody has turned them on: this project does not manage it.",
        ],
        commands: [
          ...(at === undefined
            ? [`# Copy the state of before from ${stateText(environment.state)} to before.tfstate`]
            : [
                `aws s3api list-object-versions ${at} --prefix STATE-KEY`,
                `aws s3api get-object ${at} --key STATE-KEY --version-id VERSION before.tfstate`,
              ]),
          `# STATE-KEY: ${(["backup", "cluster", "platform", "apps"] as const).map((layer) => recovery.stateKey(layer).replace(/^s3:\/\/[^/]+\//, "")).join(", ")}`,
          "terraform -chdir=cdktf.out/stacks/STACK state pull > after.tfstate",
          "terraform -chdir=cdktf.out/stacks/STACK state push -force ../../../before.tfstate",
        ],
        until: "a plan shows what really differs, and nothing to destroy",
      },
      {
        title: "Take the change back, and apply that through the guard",
        notes: [
          "Revert the commit, do not mend forward in a hurry. The plan must undo what you listed, and nothing else.",
          "`npm run homelab -- guard` refuses what would destroy more: do not go round it with plain cdktf deploy.",
        ],
        commands: ["git revert COMMIT", "npm run synth", `npm run homelab -- deploy ${name}-LAYER`],
        until: "the plan is applied, and the next one is empty",
      },
      {
        title: "If objects are gone that neither Terraform nor Git has",
        notes: ["A namespace: deleted-namespace. Volumes: lost-volume. Everything: etcd."],
      },
      ...recovery.backUpNow("wrong-apply"),
    ],
    worked: [
      `\`npm run homelab -- upgrade ${name}\` and \`npm run homelab -- doctor ${name}\` find all well.`,
      "A plan of each of the four stacks is empty.",
      "What the guard let through, and should not have, has a test.",
    ],
  };
};
