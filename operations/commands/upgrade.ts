import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { pathsFrom } from "../cli/terminal.ts";

const exactVersion = (text: string): string => {
  if (!/^v\d+\.\d+\.\d+$/.test(text))
    throw new InvalidArgumentError(`It must be an exact version, vMAJOR.MINOR.PATCH: got ${text}`);
  return text;
};

export const upgrade: Definition = {
  name: "upgrade",
  summary: "upgrade Talos and Kubernetes, one node at a time",
  details:
    "Shows what would be done, and does it with --apply; stops at the first doubt. See docs/runbooks/upgrade.md.",
  examples: [
    ["upgrade prod", "looks, and says what is to be done to reach the environment's versions"],
    ["upgrade prod --plan --to v1.14.1", "the stops on the way, one minor at a time; asks no machine"],
    ["upgrade prod --to v1.12.5 --apply", "does it; for prod, asks for the environment's name"],
  ],
  exits: { 0: "done, or shown", 1: "stopped, or refused" },
  json: `{ environment: string, talos: string, kubernetes: string, result: "shown" | "upgraded" | "refused" | "stopped",
  why?: string, seen?: { machines: { name: string, role: string, address: string, talos?: string, kubelet?: string }[],
    steps: { title: string, commands: string[] }[], refused: string[], unwell: string[] } }`,
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .option("--to <version>", "Talos to reach (default: the environment's)", exactVersion)
      .option("--kubernetes <version>", "Kubernetes to reach (default: the environment's)", exactVersion)
      .addOption(
        new Option("--plan", "show the stops over several minors of Talos, and ask nothing").conflicts([
          ...["apply", "forget", "json", "kubernetes"],
        ]),
      )
      .option("--apply", "do it")
      .option("--forget", "put the journal of an unfinished run aside, and begin anew")
      .option("--json", "print what was seen and done as JSON")
      .option("--talosconfig <file>", "default: what talosctl finds")
      .option("--kubeconfig <file>", "default: what kubectl finds")
      .option("--state-dir <directory>", "journal and snapshots; default: $XDG_STATE_HOME/terravixens")
      .action(
        run(
          async (
            terminal,
            name,
            { to, kubernetes, plan = false, apply = false, forget = false, json = false, ...files },
          ) => {
            const { statSync } = await import("node:fs");
            const { homedir } = await import("node:os");
            const { setTimeout } = await import("node:timers/promises");
            const { runCommand } = await import("../../lib/core/process/command.ts");
            const { environmentNamed } = await import("../cli/environments.ts");
            const { upgradeCommand } = await import("../upgrade/upgrade-command.ts");
            return upgradeCommand(
              environmentNamed(name),
              { to, kubernetes, plan, apply, forget, json, ...pathsFrom(terminal, files) },
              {
                run: runCommand,
                clock: { now: Date.now, sleep: (milliseconds) => setTimeout(milliseconds) },
                fileSize: (path) => statSync(path, { throwIfNoEntry: false })?.size,
                out: terminal.out,
                err: terminal.err,
                ask: terminal.ask,
                stateHome: process.env.XDG_STATE_HOME ?? `${homedir()}/.local/state`,
              },
            );
          },
        ),
      ),
};
