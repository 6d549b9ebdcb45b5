import type { Definition } from "../cli/definition.ts";
import { pathsFrom } from "../cli/terminal.ts";

export const drift: Definition = {
  name: "drift",
  summary: "say what runs otherwise than the project says",
  details: "Read-only, and without locking the state. The report holds addresses of resources, no values.",
  examples: [
    ["drift prod", "every stack of prod"],
    ["drift prod --report issue.md", "the text of an issue, when there is a difference"],
  ],
  exits: { 0: "no difference", 1: "a difference", 77: "a stack could not be planned" },
  json: "as plan prints it",
  build: (command, run) =>
    command
      .argument("<names...>", "an environment, or stacks of one")
      .option("--report <file>", "write the text of an issue, when there is a difference")
      .option("--json", "print the differences as JSON")
      .action(
        run(async (terminal, names, { json = false, ...files }) => {
          const { driftCommand } = await import("../deploy/drift-command.ts");
          return driftCommand(names, { json, ...pathsFrom(terminal, files) }, terminal.out);
        }),
      ),
};
