import type { Definition } from "../cli/definition.ts";
import { environmentOption } from "../cli/environment-argument.ts";

export const removeApp: Definition = {
  name: "remove-app",
  summary: "print the steps and blocks that remove an app, with nothing left behind",
  details: "The Application goes first, with what it deployed; its namespace and claims are only forgotten.",
  examples: [["remove-app whoami --env dev", "what to write, deploy and look at"]],
  exits: { 0: "printed", 1: "the environment has no such app" },
  build: (command, run) =>
    command
      .argument("<app>", "the app")
      .addOption(environmentOption("default: the only one that has the app"))
      .action(
        run(async (terminal, app, { env }) => {
          const { removeAppCommand } = await import("../removal/remove-app.ts");
          return removeAppCommand(app, env, new Date(), terminal);
        }),
      ),
};
