import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { inputsFrom } from "../cli/terminal.ts";

export const adopt: Definition = {
  name: "adopt",
  summary: "say what becomes of each address of a brownfield state, and how to adopt it",
  details: "Reads a state or its list, standard input by default; changes nothing.",
  examples: [
    ["adopt dev --state terraform.tfstate", "a state file, which tells what the machines run, too"],
    ["adopt dev --list addresses.txt", "lines of terraform state list"],
  ],
  exits: { 0: "adoptable, or adopted", 1: "refused" },
  json: `{ shape: "H" | "1109f65" | "adopted" | "unknown", expected: number, found: number,
  mapped: { from: string, fate: "moved" | "forgotten" | "forgotten and imported", to?: string }[],
  problems: string[], remarks: string[] }`,
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .addOption(new Option("--list <file>", "lines of terraform state list").conflicts("state"))
      .option("--state <file>", "a state file")
      .option("--json", "print what becomes of each address as JSON")
      .action(
        run(async (terminal, name, { json = false, ...files }) => {
          const { environmentNamed } = await import("../cli/environments.ts");
          const { adoptCommand } = await import("../adoption/adopt-command.ts");
          return adoptCommand(environmentNamed(name), { ...inputsFrom(terminal, files), json }, terminal.out);
        }),
      ),
};
