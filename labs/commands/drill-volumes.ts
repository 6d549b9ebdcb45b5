import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../../operations/cli/definition.ts";
import { CHECKS_SHAPE } from "../checks.ts";

export const drillVolumes: Definition = {
  name: "drill-volumes",
  summary: "back up, lose and restore volumes by Velero itself, along the runbook",
  details: `Velero's server, node agent, command line and AWS plugin, kopia, kube-apiserver with its controllers and scheduler, and
an S3 server are real; kubelet, drivers of storage and Argo CD are played. In a network namespace of its own, for prod. Builds
what it needs once, with Go: minutes.`,
  examples: [
    ["drill-volumes", "all of it"],
    ["drill-volumes --keep logs", "and what Velero wrote, to read"],
  ],
  json: CHECKS_SHAPE,
  exits: { 0: "passed", 1: "missed", 77: "this machine cannot run it, and why" },
  build: (command, run) =>
    command
      .option("--keep <directory>", "directory for the logs of everything")
      .option("--json", "print the checks as JSON")
      .addOption(
        new Option("--inside <directory>", "the directory of the run, inside the sandbox").hideHelp(),
      )
      .action(
        run(async (terminal, { keep, inside, json = false }) => {
          const { resolve } = await import("node:path");
          const { environmentNamed } = await import("../../operations/cli/environments.ts");
          const { drillVolumesCommand } = await import("../volumes/command.ts");
          return drillVolumesCommand({
            environment: environmentNamed("prod"),
            self: [resolve("bin/homelab.mjs"), ...process.argv.slice(2)],
            ...{ keep, inside, json, out: terminal.out, err: terminal.err },
          });
        }),
      ),
};
