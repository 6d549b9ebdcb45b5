import type { Definition } from "../cli/definition.ts";

export const diagrams: Definition = {
  name: "diagrams",
  summary: "draw the environments under docs/diagrams",
  examples: [
    ["diagrams", "draws what changed"],
    ["diagrams --check", "refuses pictures that are stale, missing or orphaned"],
  ],
  exits: { 1: "stale, with --check" },
  build: (command, run) =>
    command.option("--check", "compare, and write nothing").action(
      run(async (terminal, { check = false }) => {
        const { allEnvironments } = await import("../cli/environments.ts");
        const { diagramsCommand } = await import("../diagrams/diagrams-command.ts");
        return diagramsCommand(allEnvironments(), "docs/diagrams", check, terminal);
      }),
    ),
};
