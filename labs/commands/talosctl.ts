import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../../operations/cli/definition.ts";
import { environmentArgument } from "../../operations/cli/environment-argument.ts";
import { CHECKS_SHAPE } from "../checks.ts";

export const talosctl: Definition = {
  name: "talosctl",
  summary:
    "run every talosctl command that is written here with talosctl itself, against machines that are played",
  details: `The machines are played by Talos' own protocol definitions and resources, in a network namespace. They run the
configurations that synth writes, and do nothing. Builds talosctl and etcd once, with Go.`,
  examples: [
    ["talosctl dev", "lines of runbooks and documents, answers that upgrade and doctor read, faults"],
  ],
  exits: { 0: "passed", 1: "a check failed", 77: "this machine cannot run it, and why" },
  json: CHECKS_SHAPE,
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .option("--record", "keep what talosctl prints, for the tests")
      .option("--json", "print the checks as JSON")
      .addOption(
        new Option("--inside <directory>", "the directory of the run, inside the sandbox").hideHelp(),
      )
      .action(
        run(async (terminal, environment, { json = false, record = false, inside }) => {
          const { resolve } = await import("node:path");
          const { environmentNamed } = await import("../../operations/cli/environments.ts");
          const { talosctlLab } = await import("../talosctl/command.ts");
          return talosctlLab(
            { json, record, inside },
            {
              environment: environmentNamed(environment),
              self: [resolve("bin/homelab.mjs"), ...process.argv.slice(2)],
              out: terminal.out,
              err: terminal.err,
            },
          );
        }),
      ),
};
