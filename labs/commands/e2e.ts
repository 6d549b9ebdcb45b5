import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../../operations/cli/definition.ts";
import { environmentNames, environmentOption } from "../../operations/cli/environment-argument.ts";
import { CHECKS_SHAPE } from "../checks.ts";

export const e2e: Definition = {
  name: "e2e",
  summary: "deploy platform and apps of an environment to a real API server, and check what comes of it",
  details: "In a network namespace of its own, from which the homelab cannot be reached.",
  examples: [
    ["e2e", "the first environment, with ten applies killed in the middle"],
    ["e2e --env prod --kills 2 --seed 7", "prod, the same every time"],
    ["e2e --break lock", "breaks something on purpose, so that a check must fail"],
  ],
  exits: { 0: "passed", 1: "failed", 77: "this machine cannot run it, and why" },
  json: CHECKS_SHAPE,
  build: (command, run) =>
    command
      .addOption(environmentOption("the environment").default(environmentNames[0] ?? ""))
      .option("--kills <number>", "how many applies are killed in the middle", "10")
      .option("--seed <number>", "of the points where they are (default: random, printed)")
      .option("--break <name...>", "break something on purpose; a name that is not known names all")
      .option("--keep", "leave the directory of the run where it is")
      .option("--json", "print the checks as JSON")
      .addOption(
        new Option("--inside <directory>", "the directory of the run, inside the sandbox").hideHelp(),
      )
      .action(
        run(
          async (terminal, { env, kills, seed, break: faults = [], keep = false, json = false, inside }) => {
            const { resolve } = await import("node:path");
            const { environmentNamed } = await import("../../operations/cli/environments.ts");
            const { e2eCommand } = await import("../e2e/command.ts");
            const { randomSeed } = await import("../programs/random-seed.ts");
            return e2eCommand(
              { env, kills, seed: seed ?? randomSeed(), break: faults, keep, json, inside },
              {
                root: process.cwd(),
                script: resolve("bin/homelab.mjs"),
                environment: environmentNamed(env),
                out: terminal.out,
                err: terminal.err,
              },
            );
          },
        ),
      ),
};
