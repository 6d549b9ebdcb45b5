import type { Definition } from "../cli/definition.ts";
import { inputsFrom, pathFrom } from "../cli/terminal.ts";
import { etcdMembersOption, quotaUseOption, runningOption } from "./evidence.ts";

export const deploy: Definition = {
  name: "deploy",
  summary: "change a cluster, stack by stack: plan, guard, show, confirm, apply that very plan",
  details: `Context values come from CDKTF_CONTEXT_JSON, credentials of the state from AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, variables from TF_VAR_….`,
  examples: [
    ["deploy dev", "every stack of dev, in layer order"],
    ["deploy dev-platform dev-apps", "these stacks, in layer order"],
    ["deploy dev-cluster --node diva", "one node's configuration"],
    ["deploy prod-apps --plan DIR", "what plan prod-apps --out DIR kept, nothing else"],
  ],
  exits: { 1: "stopped, refused or declined" },
  build: (command, run) =>
    command
      .argument("<names...>", "an environment, or stacks of one")
      .option("--node <name>", "limit a cluster stack's plan to one node")
      .option("--yes", "dev only: do not ask when the guard passes")
      .option("--plan <directory>", "apply the plan that was kept there")
      .option("--approved <digest>", "do not ask: a person approved the plan of this digest elsewhere")
      .addOption(etcdMembersOption())
      .addOption(quotaUseOption())
      .addOption(runningOption())
      .action(
        run(async (terminal, names, { etcdMembers, quotaUse, running, plan, ...flags }) => {
          const { deployCommand } = await import("../deploy/deploy-command.ts");
          const files = inputsFrom(terminal, { etcdMembers, quotaUse, running });
          const saved = plan === undefined ? {} : { plan: pathFrom(terminal, plan) };
          return deployCommand(names, { ...flags, ...files, ...saved }, terminal);
        }),
      ),
};
