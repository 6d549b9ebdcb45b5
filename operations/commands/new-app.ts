import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import type { Answers } from "../cli/questions.ts";
import { pathFrom } from "../cli/terminal.ts";
import { APP_QUESTIONS } from "../new-app/answers.ts";

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
    [
      "new-app --from-gitops ../vixens/apps/70-tools/it-tools",
      "an app of the GitOps repository, with what it has there; says what could not be carried over",
    ],
  ],
  exits: {
    0: "written",
    1: "refused, and nothing is written; from the GitOps repository: written, and synth says what is still to be edited",
  },
  build: (command, run) => {
    for (const { flag, ask } of APP_QUESTIONS) command.option(`--${flag} <value>`, ask);
    command.option("--namespace <namespace>", "a namespace of another name");
    command.option(
      "--from-gitops <directory>",
      "an app's directory in a checkout of the GitOps repository; of the others only --name and --about count then",
    );
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
        const flags = [...APP_QUESTIONS.map(({ flag }) => flag), "namespace"];
        const world = projectWorld(allEnvironments(), terminal);
        const { GENERATED } = await import("../cli/generated.ts");
        const { undoneOnSignal } = await import("../cli/undone-on-signal.ts");
        const whole = (work: () => Promise<number>) =>
          undoneOnSignal(["apps", "__tests__/apps", ...GENERATED], work);
        const directory = answerTo("from-gitops");
        if (typeof directory === "string") {
          const { gitopsAppCommand } = await import("../new-app/gitops/command.ts");
          const { defaultStorageClass } = await import("../new-app/world.ts");
          const request = { directory: pathFrom(terminal, directory), ...given<Answers>(["name", "about"]) };
          return whole(() =>
            gitopsAppCommand(request, defaultStorageClass(allEnvironments()), world, terminal.out),
          );
        }
        return whole(() => newAppCommand(given(flags), given(Object.keys(LISTS)), world, terminal.out));
      }),
    );
  },
};
