import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";

export const runbook: Definition = {
  name: "runbook",
  summary: "write what to do when etcd, a node, the cluster, a bucket, … is lost",
  details:
    "Under docs/runbooks, with the environment's names and addresses; a scenario that is not known names all.",
  examples: [
    ["runbook prod etcd", "writes that runbook, and shows it"],
    ["runbook", "writes all of them"],
    ["runbook --check", "refuses committed ones that are stale"],
  ],
  exits: { 0: "written, or current", 1: "stale, with --check" },
  build: (command, run) =>
    command
      .addArgument(environmentArgument().argOptional())
      .argument("[scenario]", "what happened")
      .option("--check", "compare all, and write nothing")
      .action(
        run(async (terminal, name, scenario, { check = false }) => {
          const { allEnvironments } = await import("../cli/environments.ts");
          const { runbookCommand } = await import("../runbooks/runbook-command.ts");
          const options = { environments: allEnvironments(), directory: "docs/runbooks", out: terminal.out };
          return runbookCommand({ name, scenario, check }, options);
        }),
      ),
};
