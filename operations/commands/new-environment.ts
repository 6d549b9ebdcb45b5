import type { Definition } from "../cli/definition.ts";
import { ENVIRONMENT_QUESTIONS } from "../new-environment/questions.ts";

export const newEnvironment: Definition = {
  name: "new-environment",
  summary: "ask a few questions, or take options, and write a homelab of a few machines",
  details:
    "One control plane, maybe with workers, on a flat network, without S3: the rest is edited in its file, where each field is explained. Writes environments/NAME.ts, its line in environments/index.ts, and what follows from them; never overwrites a file. Broken off, it leaves nothing.",
  examples: [
    ["new-environment", "asks"],
    [
      "new-environment --name home --domain home.example.org --address 192.168.1.20/24 --mac 7c:83:34:00:00:01",
      "takes what is usual for the rest, when there is no terminal",
    ],
  ],
  exits: { 0: "written", 1: "refused, and nothing is written; or what follows from it could not be written" },
  build: (command, run) => {
    for (const { flag, ask } of ENVIRONMENT_QUESTIONS) command.option(`--${flag} <value>`, ask);
    return command.action(
      run(async (terminal, options: Readonly<Record<string, unknown>>) => {
        const { newEnvironmentCommand } = await import("../new-environment/command.ts");
        const { newEnvironmentWorld } = await import("../new-environment/world.ts");
        const given = Object.fromEntries(
          ENVIRONMENT_QUESTIONS.map(({ flag }) => [flag, options[flag] as string | undefined]),
        );
        const { GENERATED } = await import("../cli/generated.ts");
        const { undoneOnSignal } = await import("../cli/undone-on-signal.ts");
        return undoneOnSignal(["environments", ...GENERATED], () =>
          newEnvironmentCommand(given, newEnvironmentWorld(terminal), terminal.out),
        );
      }),
    );
  },
};
