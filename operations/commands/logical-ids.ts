import type { Definition } from "../cli/definition.ts";

export const logicalIds: Definition = {
  name: "logical-ids",
  summary: "compare the addresses of all resources with the committed ones",
  details: "Terraform destroys what has lost its address, and creates what has a new one.",
  examples: [
    ["logical-ids", "says what moved, and writes nothing"],
    ["logical-ids --write", "commits the addresses, when resources come or go on purpose"],
  ],
  exits: { 0: "as committed, or written", 1: "an address came or went" },
  build: (command, run) =>
    command.option("--write", "write stacks/logical-ids.json").action(
      run(async (terminal, { write = false }) => {
        const { allEnvironments } = await import("../cli/environments.ts");
        const { synthesizedStacks } = await import("../cli/synthesized-stacks.ts");
        const { logicalIdsCommand } = await import("../logical-ids/logical-ids-command.ts");
        terminal.err("synthesizing …");
        const stacks = synthesizedStacks(...allEnvironments()).map(({ name, json }) => [name, json] as const);
        return logicalIdsCommand(new Map(stacks), "stacks/logical-ids.json", write, terminal.out);
      }),
    ),
};
