import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import { QUESTIONS } from "../new-app/answers.ts";

const LISTS = {
  secret: "path of a secret",
  "priority-at": "place in the chart's values, or none",
  "resources-at": "place in the chart's values, or none",
  "replicas-at": "place in the chart's values, or none",
} as const;

export const newApp: Definition = {
  name: "new-app",
  summary: "ask a few questions, or take options, and write an app",
  details:
    "Writes apps/NAME.ts, its test, its line in apps/index.ts, and what is generated from them; never overwrites a file.",
  examples: [
    ["new-app", "asks"],
    [
      "new-app --name NAME --about SENTENCE --image IMAGE --port PORT --host-prod HOST",
      "asks nobody, when there is no terminal",
    ],
    ["new-app --chart-repo URL --chart NAME --chart-version VERSION …", "a Helm chart in place of an image"],
  ],
  exits: { 0: "written", 1: "refused, and nothing is written" },
  build: (command, run) => {
    for (const { flag, ask } of QUESTIONS) command.option(`--${flag} <value>`, ask);
    command.option("--namespace <namespace>", "a namespace of another name");
    for (const [flag, about] of Object.entries(LISTS))
      command.addOption(new Option(`--${flag} <value...>`, about).default([]));
    return command.action(
      run(async (terminal, options: Readonly<Record<string, unknown>>) => {
        const { allEnvironments } = await import("../cli/environments.ts");
        const { newAppCommand } = await import("../new-app/command.ts");
        const { projectWorld } = await import("../new-app/world.ts");
        const answerTo = (flag: string) => options[new Option(`--${flag}`).attributeName()];
        const given = <T>(flags: readonly string[]) =>
          Object.fromEntries(flags.map((flag) => [flag, answerTo(flag)])) as T;
        const flags = [...QUESTIONS.map(({ flag }) => flag), "namespace"];
        const world = projectWorld(allEnvironments(), terminal);
        return newAppCommand(given(flags), given(Object.keys(LISTS)), world, terminal.out);
      }),
    );
  },
};
