import type { Definition } from "../cli/definition.ts";
import { environmentNames, environmentOption } from "../cli/environment-argument.ts";
import { pathFrom } from "../cli/terminal.ts";

export const handover: Definition = {
  name: "handover",
  summary: "print the steps by which an app moves from the GitOps repository to here",
  details: "Reads, changes nothing. Its pods run on, and its claims are kept.",
  examples: [["handover whoami --gitops ../vixens --env prod", "what to edit, sync and deploy"]],
  exits: { 0: "printed" },
  build: (command, run) =>
    command
      .argument("<app>", "the app")
      .requiredOption("--gitops <checkout>", "directory of the GitOps repository")
      .addOption(environmentOption("one environment (default: all)"))
      .action(
        run(async (terminal, app, { gitops, env }) => {
          const { handoverCommand } = await import("../ownership/command.ts");
          const { ownershipWorld } = await import("../ownership/world.ts");
          return handoverCommand(
            { app, gitops: pathFrom(terminal, gitops), names: env === undefined ? environmentNames : [env] },
            ownershipWorld,
            terminal,
          );
        }),
      ),
};
