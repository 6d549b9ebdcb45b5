import type { Definition } from "../cli/definition.ts";
import { pathsFrom } from "../cli/terminal.ts";

export const drift: Definition = {
  name: "drift",
  summary: "say what runs otherwise than the project says",
  details:
    "Read-only, and without locking the state: a plan of each stack, and with the cluster's each machine's configuration through talosctl. The report holds addresses of resources and paths of fields, no values.",
  examples: [
    ["drift prod", "every stack of prod"],
    ["drift prod --report issue.md", "the text of an issue, when there is a difference"],
  ],
  exits: {
    0: "no difference",
    1: "a difference",
    77: "a stack could not be planned, or a machine did not say what it runs",
  },
  json: "as plan prints it, then { environment: string, machines: { machine: string, differences?: string[] }[] }",
  build: (command, run) =>
    command
      .argument("<names...>", "an environment, or stacks of one")
      .option("--report <file>", "write the text of an issue, when there is a difference")
      .option(
        "--no-machines",
        "leave out machines' configurations, which only an administrator of Talos may read",
      )
      .option("--talosconfig <file>", "default: $TALOSCONFIG, then ~/.talos/config")
      .option("--json", "print the differences as JSON")
      .action(
        run(async (terminal, names, { json = false, machines = true, ...files }) => {
          const { driftCommand } = await import("../deploy/drift-command.ts");
          return driftCommand(names, { json, machines, ...pathsFrom(terminal, files) }, terminal.out);
        }),
      ),
};
