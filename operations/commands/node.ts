import { Argument, Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { knownName } from "../cli/known-name.ts";

const VERBS = ["add", "remove", "replace", "rename", "disk"] as const;

export const node: Definition = {
  name: "node",
  summary: "print the steps to add, remove, replace or rename a node, or to change its disk",
  details:
    "With the environment's addresses; what would be left is synthesized first, and refused with the arithmetic where it does not hold. Changes nothing. See docs/runbooks/node-life.md.",
  examples: [
    ["node add prod pixie", "a new machine; control planes two at a time"],
    ["node remove prod peach", "for good; control planes two at a time"],
    ["node replace prod powder --dead", "other hardware under the same name"],
    ["node rename prod powder pepper", "the same machine under another name"],
    ["node disk prod poison --dead", "its install disk died: the node is installed anew"],
    ["node disk prod poison --to /dev/sda", "it moves to another disk of its own"],
    ["node disk prod poison --data /dev/sdb", "a disk that it does not run from"],
  ],
  exits: { 0: "printed", 1: "refused" },
  json: `{ title: string, refusals: string[],
  steps: { title: string, notes?: string[], commands?: string[], until?: string }[] }`,
  build: (command, run) =>
    command
      .addArgument(
        new Argument("<verb>", "what to do")
          .choices(VERBS)
          .argParser((text: string) => knownName("verb", text, VERBS)),
      )
      .addArgument(environmentArgument())
      .argument("<nodes...>", "names of nodes; to rename, the old and the new one")
      .addOption(
        new Option(
          "--role <role>",
          "of a node to add that the environment does not describe yet (default: worker)",
        ).choices(["controlplane", "worker"] as const),
      )
      .option("--dead", "the machine, or its disk, does not answer and will not come back")
      .option("--to <disk>", "of disk: the one to install to (default: the environment's installDisk)")
      .option("--data <disk>", "of disk: one that is not the install disk")
      .option("--json", "print the steps as JSON")
      .action(
        run(async (terminal, verb, name, names, { role, dead = false, to, data, json = false }) => {
          const { environmentNamed } = await import("../cli/environments.ts");
          const { nodeCommand } = await import("../node-life/node-command.ts");
          const request = {
            verb,
            names,
            isDead: dead,
            ...(role !== undefined && { role }),
            ...(to !== undefined && { to }),
            ...(data !== undefined && { data }),
          };
          const { refusalsOf } = await import("../cli/refusals.ts");
          return nodeCommand(
            environmentNamed(name),
            request,
            (after) => refusalsOf([after]),
            terminal.out,
            json,
          );
        }),
      ),
};
