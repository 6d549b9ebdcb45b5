import type { Definition } from "../cli/definition.ts";

const FILE = "docs/commands.md";

export const commands: Definition = {
  name: "commands",
  summary: `compare ${FILE} with the help of all commands`,
  examples: [
    ["commands", "refuses a page that is stale"],
    ["commands --write", "writes it"],
  ],
  exits: { 0: "current, or written", 1: "stale" },
  build: (command, run) =>
    command.option("--write", "write the page").action(
      run(async (terminal, { write = false }, self) => {
        const { committedProblems, writeCommitted } = await import("../../lib/core/committed-files.ts");
        const { reference } = await import("../cli/reference.ts");
        const files = new Map([["commands.md", reference(self.parent)]]);
        const lines = (write ? writeCommitted : committedProblems)("docs", files, "commands.md");
        terminal.out(lines.join("\n") || `${FILE} is current`);
        if (write || lines.length === 0) return 0;
        terminal.err("Run `npm run homelab -- commands --write` and commit it.");
        return 1;
      }),
    ),
};
