import type { Definition } from "../cli/definition.ts";
import { pathFrom } from "../cli/terminal.ts";

export const admissionFacts: Definition = {
  name: "admission-facts",
  summary: "record which policies of the GitOps checkout rewrite pods, and what they set",
  details:
    "Writes environments/recorded/admission/policies.json, which synth applies to every pod before it proves anything.",
  examples: [
    ["admission-facts --gitops ../vixens", "records them"],
    [
      "admission-facts --gitops ../vixens --check",
      "names each policy that is new or changed, with what it would do",
    ],
  ],
  exits: { 1: "the checkout has what is not recorded" },
  build: (command, run) =>
    command
      .requiredOption("--gitops <directory>", "a checkout of the GitOps repository")
      .option("--check", "compare, and write nothing")
      .action(
        run(async (terminal, { gitops, check = false }) => {
          const { admissionFactsCommand } = await import("../admission/command.ts");
          return admissionFactsCommand(pathFrom(terminal, gitops), check, terminal);
        }),
      ),
};
