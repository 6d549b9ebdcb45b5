import type { Definition } from "../../operations/cli/definition.ts";

export const bench: Definition = {
  name: "bench",
  summary: "measure what the project promises about speed, each figure beside its target",
  examples: [
    ["bench", "a report"],
    ["bench --check", "refuses a target that is missed"],
  ],
  exits: { 1: "a target is missed, with --check" },
  json: `{ name: string, value: number, unit: "×" | "s" | "MiB" | "", atMost?, atLeast?: number, against?: string }[]`,
  build: (command, run) =>
    command
      .option("--json", "print the rows as JSON")
      .option("--check", "refuse a target that is missed")
      .option("--write", "keep the figures in docs/speed.json, docs/testing.md and the README")
      .action(
        run(async (terminal, { json = false, check = false, write = false }) => {
          const { benchCommand } = await import("../bench/bench-command.ts");
          return benchCommand({ json, check, write }, terminal);
        }),
      ),
};
