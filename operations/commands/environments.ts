import type { Definition } from "../cli/definition.ts";
import { pathFrom } from "../cli/terminal.ts";

export const environments: Definition = {
  name: "environments",
  summary: "list the environments, those in production last",
  examples: [
    ["environments", "a name a line, for a loop"],
    [
      "environments --outputs FILE",
      "adds trial, production and backups, the matrices of workflows, to the file",
    ],
  ],
  exits: { 0: "listed" },
  json: "{ name: string, production: boolean, backup: string | null }[], the backup as `verify-backup` takes it",
  build: (command, run) =>
    command
      .option("--json", "print JSON")
      .option("--outputs <file>", "add the answers to a file, as a job hands them on")
      .action(
        run(async (terminal, { json = false, outputs }) => {
          const { environmentsCommand } = await import("../automation/environments-command.ts");
          return environmentsCommand(json, outputs && pathFrom(terminal, outputs), terminal.out);
        }),
      ),
};
