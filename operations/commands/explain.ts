import type { Definition } from "../cli/definition.ts";

export const explain: Definition = {
  name: "explain",
  summary: "say everything that an app becomes in an environment",
  details:
    "Objects, containers as declared and as they run, flows, capacity, hosts, secrets' paths, volumes, order, cost in lines.",
  examples: [
    ["explain prod/whoami", "as text"],
    ["explain dev/whoami --json", "for a program"],
  ],
  exits: { 0: "explained", 1: "the homelab is refused as it is" },
  json: "the explanation, field by field: Explanation in operations/explain/explanation.ts",
  build: (command, run) =>
    command
      .argument("<environment/app>", "the app")
      .option("--json", "print the explanation as JSON")
      .action(
        run(async (terminal, what, { json = false }) => {
          const { existsSync, readFileSync } = await import("node:fs");
          const { apps } = await import("../../apps/index.ts");
          const { environmentNamed, environmentNames } = await import("../cli/environments.ts");
          const { explainCommand } = await import("../explain/command.ts");
          const { surroundingsOf } = await import("../explain/surroundings.ts");
          const world = {
            environments: environmentNames,
            declarations: apps,
            surroundings: (name: string) => surroundingsOf(environmentNamed(name), apps),
            linesOf: (name: string) => {
              const file = `apps/${name}.ts`;
              return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").length : undefined;
            },
          };
          terminal.err("synthesizing …");
          return explainCommand(what, json, world, terminal.out);
        }),
      ),
};
