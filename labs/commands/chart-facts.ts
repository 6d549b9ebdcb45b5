import { Argument } from "@commander-js/extra-typings";
import type { Definition } from "../../operations/cli/definition.ts";
import { environmentNames } from "../../operations/cli/environment-argument.ts";
import { pathFrom } from "../../operations/cli/terminal.ts";

export const chartFacts: Definition = {
  name: "chart-facts",
  summary: "render charts by Helm with the values they get, and record what they become",
  details: `Writes environments/recorded/charts. Helm is built by Go, once for a machine; charts are pulled from their
repositories. A chart that cannot be had is recorded as unknown, with the reason. Values that change nothing are looked
for in charts whose values are new, which takes a rendering each.`,
  examples: [
    ["chart-facts", "all charts of all environments"],
    ["chart-facts prod whoami", "what whoami becomes in prod"],
    ["chart-facts --check", "whether the recorded facts are what Helm renders now"],
    ["chart-facts --charts ../charts", "with archives or directories called <chart>-<version>"],
  ],
  exits: { 1: "recorded facts are stale", 77: "there is neither Helm nor Go here" },
  build: (command, run) =>
    command
      .addArgument(new Argument("[environment]", "default: all").choices(environmentNames))
      .argument("[release...]", "names of apps or releases; default: all")
      .option("--check", "compare with what is recorded, and write nothing")
      .option("--all", "look for values without effect in every chart")
      .option(
        "--charts <directory>",
        "where charts lie and are pulled into; default: $E2E_CHARTS, then the cache",
      )
      .action(
        run(async (terminal, environment, releases, { check = false, all = false, charts }) => {
          const { chartFactsCommand } = await import("../chart-facts/command.ts");
          return chartFactsCommand(
            {
              environments: environment === undefined ? environmentNames : [environment],
              releases,
              check,
              all,
              charts: charts && pathFrom(terminal, charts),
            },
            terminal,
          );
        }),
      ),
};
