import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import { pathFrom } from "../cli/terminal.ts";

const OUTPUT = "cdktf.out";
const WITH_GITOPS = ["--with-gitops", "add the recorded policies of the GitOps repository"] as const;
const jsonOption = () => new Option("--json", "print the changes as JSON").conflicts("markdown");
const markdownOption = () => new Option("--markdown", "print the changes as Markdown");
const formOf = (json?: true, markdown?: true) => (json ? "json" : markdown ? "markdown" : "text");

export const reach: Definition = {
  name: "reach",
  summary: "say who reaches whom under the policies that were synthesized",
  details: "Reads what npm run synth wrote.",
  examples: [
    ["reach prod --from media/any-app --to kube-system/coredns --port 53/UDP", "one question"],
    ["reach prod --matrix out.html", "all of them, as a page"],
    ["reach prod --matrix out.html --against old/cdktf.out", "the same, with what changed since"],
    ["reach diff old/cdktf.out new/cdktf.out", "what a change opens and closes"],
    ["reach live prod --policies live.json --with-gitops", "what the cluster holds otherwise"],
  ],
  exits: {
    0: "allowed; or no change; or the matrix is written",
    1: "denied, or unknown; or changes",
    77: "no Chromium for --screenshots",
  },
  json: `a question: { environment, from, to, protocol, port, verdict: "allowed" | "denied" | "unknown",
  egress: { decision, kind, … }, ingress: { decision, kind, … } }, or a list for joined ends
diff and live: { environment: string, … what is opened, closed and unknown }[]`,
  build: (command, run) => {
    command
      .command("diff")
      .description("Compare two outputs of synthesis.")
      .argument("<old>", "an output, e.g. old/cdktf.out")
      .argument("<new>", "another")
      .addOption(jsonOption())
      .addOption(markdownOption())
      .option(...WITH_GITOPS)
      .action(
        run(async (terminal, before, after, { json, markdown, withGitops = false }) => {
          const { reachDiffCommand } = await import("../reach/reach-command.ts");
          const [older, newer] = [pathFrom(terminal, before), pathFrom(terminal, after)];
          return reachDiffCommand(older, newer, formOf(json, markdown), withGitops, terminal.out);
        }),
      );
    command
      .command("live")
      .description("Compare with the policies of a cluster.")
      .argument("<environment>", "an environment of the output")
      .requiredOption(
        "--policies <file>",
        "output, or - for standard input, of: kubectl get ciliumnetworkpolicies,ciliumclusterwidenetworkpolicies,networkpolicies -A -o json",
      )
      .option("--out <directory>", "output of synthesis", OUTPUT)
      .addOption(jsonOption())
      .addOption(markdownOption())
      .option(...WITH_GITOPS)
      .action(
        run(async (terminal, environment, { policies, out, json, markdown, withGitops = false }) => {
          const { reachLiveCommand } = await import("../reach/reach-command.ts");
          const form = formOf(json, markdown);
          const [file, directory] = [pathFrom(terminal, policies), outputOf(out, terminal)];
          return reachLiveCommand({ environment, policies: file, directory, form, withGitops }, terminal.out);
        }),
      );
    return command
      .argument("<environment>", "an environment of the output")
      .option("--from <name>", "who asks: an app, namespace/app, or any name that a report shows")
      .option("--to <name>", "who is asked")
      .option("--port <port>", "of the pod or its Service, e.g. 53/UDP; TCP without a protocol")
      .addOption(
        new Option("--matrix <file>", "write the page in place of a question").conflicts([
          "from",
          "to",
          "port",
          "json",
        ]),
      )
      .option(
        "--screenshots <directory>",
        "with --matrix: also pictures of the page at three widths, by Chromium",
      )
      .addOption(
        new Option(
          "--against <directory>",
          "an older output: the page also lists what changed since",
        ).conflicts(["from", "to", "port", "json"]),
      )
      .option("--out <directory>", "output of synthesis", OUTPUT)
      .option("--json", "print the answer as JSON")
      .option(...WITH_GITOPS)
      .action(
        run(async (terminal, environment, { out, matrix, json = false, withGitops = false, ...rest }) => {
          const { reachCommand } = await import("../reach/reach-command.ts");
          const page = matrix && pathFrom(terminal, matrix);
          const screenshots = rest.screenshots && pathFrom(terminal, rest.screenshots);
          const against = rest.against && pathFrom(terminal, rest.against);
          const directory = outputOf(out, terminal);
          return reachCommand(
            { ...rest, environment, directory, matrix: page, screenshots, against, json, withGitops },
            terminal.out,
          );
        }),
      );
  },
};

/** The project's own output, wherever one stands. */
const outputOf = (directory: string, terminal: Parameters<typeof pathFrom>[0]): string =>
  directory === OUTPUT ? OUTPUT : pathFrom(terminal, directory);
