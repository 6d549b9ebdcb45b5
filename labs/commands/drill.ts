import type { Definition } from "../../operations/cli/definition.ts";
import { CHECKS_SHAPE } from "../checks.ts";

export const drill: Definition = {
  name: "drill",
  summary: "back up, lose and restore a real etcd, and damage what it can",
  details: `To a real S3 server, and with the runbook's commands; compares every key. Installs what it needs; listens on the
loopback only.`,
  examples: [
    ["drill", "all of it"],
    ["drill --keys 1000 --kills 2 --seed 7", "a short one, the same every time"],
    ["drill --break verify", "breaks something on purpose, so that a check must fail"],
  ],
  exits: { 0: "passed", 1: "a check failed", 77: "this machine cannot run it, and why" },
  json: CHECKS_SHAPE,
  build: (command, run) =>
    command
      .option("--keys <number>", "keys in etcd", "100000")
      .option("--kills <number>", "how often the uploader is killed", "20")
      .option("--seed <number>", "of everything random (default: random, printed)")
      .option("--break <name...>", "break something on purpose; a name that is not known names all")
      .option("--json", "print the checks as JSON")
      .action(
        run(async (terminal, { keys, kills, seed, break: faults = [], json = false }) => {
          const { cacheDirectory } = await import("../programs/install-tool.ts");
          const { drillCommand } = await import("../drill/drill-command.ts");
          const { randomSeed } = await import("../programs/random-seed.ts");
          return drillCommand(
            { keys, kills, seed: seed ?? randomSeed(), break: faults, json },
            { root: process.cwd(), cache: cacheDirectory(), out: terminal.out, err: terminal.err },
          );
        }),
      ),
};
