import type { Definition } from "../cli/definition.ts";
import { inputsFrom, pathsFrom } from "../cli/terminal.ts";
import { etcdMembersOption, quotaUseOption, runningOption } from "./evidence.ts";

export const plan: Definition = {
  name: "plan",
  summary: "plan stacks and judge the plans; applies nothing",
  examples: [
    ["plan prod", "every stack of prod"],
    ["plan prod-apps --out DIR", "one stack, whose plan is kept to be applied: deploy prod-apps --plan DIR"],
  ],
  exits: { 0: "all planned and nothing refused", 1: "not planned, or refused" },
  json: `({ stack: string, failed: string } |
  { stack: string, changes: boolean, digest?: string, verdict: … as guard prints it })[]`,
  build: (command, run) =>
    command
      .argument("<names...>", "an environment, or stacks of one")
      .option("--out <directory>", "keep the plan of one stack there")
      .option("--markdown <file>", "add the report to a file as Markdown: addresses and rules, no values")
      .option("--outputs <file>", "add changes=true|false, and digest=… with --out, to a file, for a CI job")
      .option("--no-lock", "do not lock the state: enough to look, with no right to write")
      .option("--json", "print the verdicts as JSON")
      .addOption(etcdMembersOption())
      .addOption(quotaUseOption())
      .addOption(runningOption())
      .action(
        run(async (terminal, names, { lock, json = false, etcdMembers, quotaUse, running, ...files }) => {
          const { planCommand } = await import("../deploy/plan-command.ts");
          return planCommand(
            names,
            {
              lock,
              json,
              ...pathsFrom(terminal, files),
              ...inputsFrom(terminal, { etcdMembers, quotaUse, running }),
            },
            terminal.out,
          );
        }),
      ),
};
