import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { pathFrom } from "../cli/terminal.ts";

export const coexist: Definition = {
  name: "coexist",
  summary: "say whether default deny can be switched on beside the policies of the GitOps repository",
  details:
    "Renders a checkout, lays our policies over its own, and says per app what would close, what stays open, and the line that cures it. Changes nothing but the recorded facts, with --write.",
  examples: [
    ["coexist prod --gitops ../vixens", "tonight, yes or no"],
    ["coexist dev --gitops ../vixens --write", "record its pods and policies for the proofs"],
  ],
  exits: { 0: "default deny closes nothing that is open today", 1: "it closes something, or nobody knows" },
  json: `{ environment: string, mode: string, ready: boolean, counts: { pods: number, policies: number }, notes: string[],
  lostNeeds: { app: string, from: string[], to: string[], ports: string[], why: string, cures: string[] }[],
  lostAccess: { app: string, to: string[], from: string[], … }[], unknown: { app: string, why: string, … }[],
  leftOpen: { kind: string, by: string, policy: string, flows: string[] }[], unaffected: string[] }`,
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .requiredOption("--gitops <checkout>", "directory of the GitOps repository")
      .option("--write", "record what it runs and applies in environments/recorded/gitops")
      .option("--json", "print the findings as JSON")
      .action(
        run(async (terminal, name, { gitops, write = false, json = false }) => {
          const { gitopsFacts } = await import("../../environments/recorded/gitops-facts.ts");
          const { ARGOCD_NAMESPACE } = await import("../../lib/core/platform/namespaces.ts");
          const { environmentNamed } = await import("../cli/environments.ts");
          const { synthesizedStacks } = await import("../cli/synthesized-stacks.ts");
          const { coexistCommand, kubectlBuild } = await import("../coexist/command.ts");
          return coexistCommand(
            { gitops: pathFrom(terminal, gitops), json, write },
            {
              environment: environmentNamed(name),
              stacksOf: synthesizedStacks,
              argocdNamespace: ARGOCD_NAMESPACE,
              recorded: gitopsFacts(name),
              factsFile: `environments/recorded/gitops/${name}.json`,
              kubectl: kubectlBuild,
            },
            terminal,
          );
        }),
      ),
};
