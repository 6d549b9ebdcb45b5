import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../../operations/cli/definition.ts";
import { environmentArgument } from "../../operations/cli/environment-argument.ts";

export const simulate: Definition = {
  name: "simulate",
  summary: "bring an environment up on a real control plane, lose machines, and see what comes back",
  details: `etcd, kube-apiserver, its controllers and kube-scheduler are real; kwok plays the kubelets. In a network namespace of
its own. Builds what it needs once, with Go; says what it leaves out.`,
  examples: [
    ["simulate prod", "from nothing, with a timeline"],
    ["simulate prod --lose phoebe", "and then a machine is lost"],
    ["simulate prod --lose pearl peach --drain", "two machines are drained, one after the other"],
    ["simulate prod --lose each", "every machine in turn, from nothing each time"],
    ["simulate prod --lose phoebe --page timeline.html", "with a page to look at"],
    [
      "simulate prod --power-cut --at-size 1.5x",
      "everything at once, with apps of one and a half times their size",
    ],
    [
      "simulate dev --against-capacity 1000 --seed 7",
      "generated clusters, by synth's arithmetic and the scheduler",
    ],
    ["simulate prod --break quota", "breaks something on purpose, so that it must fail"],
  ],
  exits: {
    0: "all that is critical or high in priority runs, and nothing stands in its way",
    1: "something does not come back, or a quota, limit range, budget or the arithmetic is wrong",
    77: "this machine cannot run it, and why",
  },
  json: `{ timeline: { at: number, text: string, pod?: string, state?: string }[], pods: number, ready: number,
  pending: { pod: string, priorityClass: string, why: string }[], problems: string[], notes: string[] }`,
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .option(
        "--lose <machine...>",
        "machines that go once everything is up; each: every one in turn; pairs: every two",
      )
      .option("--drain", "drain them as an upgrade does, instead of taking them away")
      .option("--power-cut", "every machine loses power at once, and starts again")
      .option("--at-size <factor>", "what apps ask for grows, and quotas with it, e.g. 2x", "1x")
      .option(
        "--against-capacity <clusters>",
        "compare synth's arithmetic with the scheduler on generated clusters",
      )
      .option("--seed <number>", "of the generated clusters (default: random, printed)")
      .option("--break <name...>", "break something on purpose; a name that is not known names all")
      .option("--json", "print the outcome as JSON, one document a scenario")
      .option("--page <file>", "write the timeline as a page to look at")
      .addOption(
        new Option("--inside <directory>", "the directory of the run, inside the sandbox").hideHelp(),
      )
      .addOption(new Option("--turn <machine...>", "what is lost in this sandbox").hideHelp())
      .action(
        run(async (terminal, environment, options) => {
          const { resolve } = await import("node:path");
          const { environmentNamed } = await import("../../operations/cli/environments.ts");
          const { simulateCommand } = await import("../simulate/command.ts");
          const { randomSeed } = await import("../programs/random-seed.ts");
          return simulateCommand(
            { ...options, seed: options.seed ?? randomSeed() },
            {
              environment: environmentNamed(environment),
              self: [resolve("bin/homelab.mjs"), ...process.argv.slice(2)],
              out: terminal.out,
              err: terminal.err,
            },
          );
        }),
      ),
};
