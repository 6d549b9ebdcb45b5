import type { Definition } from "../../operations/cli/definition.ts";

export const cdktn: Definition = {
  name: "cdktn",
  summary: "walk the way to cdktn in a copy of the project, and leave the project as it is",
  details: `cdktn takes the place of cdktf under its name, for the prebuilt bindings too. All stacks must then synthesize to
what they are here but for the framework's own metadata, and to the committed snapshots. See docs/adr/0004.`,
  examples: [
    ["cdktn", "the version that is known to work"],
    ["cdktn --version 0.24.0 --keep", "another, and the copy stays"],
  ],
  exits: { 0: "the way is open", 1: "it is not", 77: "the registry cannot be reached" },
  build: (command, run) =>
    command
      .option("--version <version>", "exact version of cdktn", "0.24.0")
      .option("--keep", "leave the copy behind")
      .action(
        run(async (terminal, { version, keep = false }) => {
          const { cdktnCommand } = await import("../cdktn/cdktn-command.ts");
          return cdktnCommand(version, keep, terminal);
        }),
      ),
};
