import { Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import { environmentOption } from "../cli/environment-argument.ts";
import { inputFrom, inputsFrom } from "../cli/terminal.ts";
import { etcdMembersOption, quotaUseOption, runningOption } from "./evidence.ts";

export const guard: Definition = {
  name: "guard",
  summary: "judge a plan before it is applied",
  details: "Make the plan with: terraform show -json plan.tfplan > plan.json",
  examples: [
    ["guard plan.json --env prod", "a plan of any stack of prod"],
    ["guard prod-*.json", "plans of several stacks, at once"],
    ["guard prod-apps.json --markdown", "the file's name says the stack; for a pull request"],
  ],
  exits: { 0: "passes", 1: "refused" },
  json: `{ stack: string, passes: boolean, counts: Record<string, number>, changes: { kind: string, address: string }[],
  refused: { rule, resource, path, before, after, reason, cure: string }[], waived: … with the risk's id,
  drifted: string[] }; a list of these for several plans`,
  build: (command, run) =>
    command
      .argument("<plan...>", "the plan as JSON, or several")
      .addOption(environmentOption("default: the first part of --stack"))
      .option("--stack <name>", "default: the name of the file")
      .addOption(new Option("--markdown", "print the report as Markdown").conflicts("json"))
      .option("--json", "print the verdict as JSON")
      .addOption(etcdMembersOption())
      .addOption(quotaUseOption())
      .addOption(runningOption())
      .option("--target <address...>", "what the plan was limited to on purpose")
      .action(
        run(async (terminal, plans, { env, stack, markdown, json, target, ...files }) => {
          const { guardCommand } = await import("../guard/guard-command.ts");
          const form = json ? "json" : markdown ? "markdown" : "text";
          return guardCommand(
            {
              plans: plans.map((plan) => inputFrom(terminal, plan)),
              env,
              stack,
              form,
              targets: target,
              ...inputsFrom(terminal, files),
            },
            terminal.out,
          );
        }),
      ),
};
