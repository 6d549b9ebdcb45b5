import type { Definition } from "../cli/definition.ts";
import { environmentNames, environmentOption } from "../cli/environment-argument.ts";
import { pathFrom } from "../cli/terminal.ts";

export const ownership: Definition = {
  name: "ownership",
  summary: "list what our stacks and a checkout of the GitOps repository would both own",
  details: "Reads, changes nothing. See docs/runbooks/ownership.md.",
  examples: [
    ["ownership --gitops ../vixens", "both environments"],
    ["ownership --gitops ../vixens --env dev --json", "one of them, for a program"],
  ],
  exits: { 0: "nothing has two owners", 1: "something has" },
  json: `{ environment: string, syncs: string, unknown: { where: string, why: string }[],
  findings: { what: string, ours: { stack: string, address: string }[], theirs: { file: string, … }[], advice: string }[] }[]`,
  build: (command, run) =>
    command
      .requiredOption("--gitops <checkout>", "directory of the GitOps repository")
      .addOption(environmentOption("one environment (default: all)"))
      .option("--json", "print the findings as JSON")
      .action(
        run(async (terminal, { gitops, env, json = false }) => {
          const { ownershipWorld } = await import("../ownership/world.ts");
          const { ownershipCommand } = await import("../ownership/command.ts");
          const names = env === undefined ? environmentNames : [env];
          return ownershipCommand(
            { gitops: pathFrom(terminal, gitops), names, json },
            ownershipWorld,
            terminal,
          );
        }),
      ),
};
