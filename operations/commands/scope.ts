import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { pathFrom } from "../cli/terminal.ts";

export const scope: Definition = {
  name: "scope",
  summary: "say which layers a workflow must deploy for the checked-out commit",
  details: `Refuses an environment but dev whose layers nobody must approve. Needs GITHUB_TOKEN, GITHUB_REPOSITORY and the
whole history.`,
  examples: [["scope dev --outputs FILE", "adds platform=true|false and apps=true|false to the file"]],
  exits: { 0: "said", 1: "refused, or not known" },
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .option("--outputs <file>", "add the answers to a file, as a job hands them on")
      .action(
        run(async (terminal, name, { outputs }) => {
          const { scopeCommand } = await import("../automation/scope-command.ts");
          return scopeCommand(name, outputs && pathFrom(terminal, outputs), terminal.out);
        }),
      ),
};
