import type { Definition } from "../../operations/cli/definition.ts";
import { pathFrom } from "../../operations/cli/terminal.ts";

export const admissionVerdicts: Definition = {
  name: "admission-verdicts",
  summary: "ask Kyverno's own engine what admission makes of pods, and compare the model with it",
  details: `Writes __tests__/fixtures/admission/verdicts.json, which the tests hold the model against. Kyverno's command line is
built by Go, once for a machine, which takes some minutes.`,
  examples: [
    [
      "admission-verdicts --gitops ../vixens",
      "asks about every rendered pod and 150 generated ones, and records it",
    ],
    ["admission-verdicts --gitops ../vixens --check", "asks again about those that are recorded"],
  ],
  exits: { 0: "all fields agree", 1: "some differ", 77: "there is no engine here, nor Go to build it" },
  build: (command, run) =>
    command
      .requiredOption("--gitops <directory>", "a checkout of the GitOps repository")
      .option("--check", "compare, and write nothing")
      .action(
        run(async (terminal, { gitops, check = false }) => {
          const { admissionVerdictsCommand } = await import("../admission/command.ts");
          return admissionVerdictsCommand(pathFrom(terminal, gitops), check, terminal);
        }),
      ),
};
