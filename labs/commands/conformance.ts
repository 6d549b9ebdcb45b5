import type { Definition } from "../../operations/cli/definition.ts";
import { inputFrom } from "../../operations/cli/terminal.ts";

export const conformance: Definition = {
  name: "conformance",
  summary: "compare the evaluator with recorded verdicts of Cilium's policy engine",
  examples: [["conformance __tests__/fixtures/oracle/designed.json", "one file of verdicts"]],
  exits: { 0: "all agree", 1: "some disagree" },
  json: `{ file: string, flows: number, rejections: number, agreements: number,
  disagreements: { scenario, subject, expected, actual: string }[], unknown: …, otherMessages: … }[]`,
  build: (command, run) =>
    command
      .argument("<files...>", "recorded verdicts")
      .option("--json", "print what was compared as JSON")
      .action(
        run(async (terminal, files, { json = false }) => {
          const { conformanceCommand } = await import("../conformance/conformance-command.ts");
          const paths = files.map((file) => inputFrom(terminal, file));
          return conformanceCommand(paths, json, terminal.out);
        }),
      ),
};
