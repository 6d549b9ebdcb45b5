import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** A page is as wide on every terminal. */
const WIDTH = 110;

const helpOf = (command: CommandUnknownOpts): string => {
  const lines: string[] = [];
  command.configureOutput({
    writeOut: (text) => lines.push(text),
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return lines.join("").trimEnd();
};

const nameOf = (command: CommandUnknownOpts): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

const visible = (command: CommandUnknownOpts): CommandUnknownOpts[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== "help");

const section = (command: CommandUnknownOpts): string[] => [
  `## ${nameOf(command)}\n`,
  `\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
  ...visible(command).flatMap(section),
];

/** The page about all commands of a program: what each says with --help. */
export const reference = (program: CommandUnknownOpts | null): string =>
  [
    "# Commands\n",
    "Written by `npm run homelab -- commands --write` from what each command says with `--help`: change it there.\n",
    "`npm run homelab -- COMMAND …` and `npx homelab COMMAND …` are the same. `npx homelab complete bash`, `zsh` or `fish`",
    "prints what completes commands, options and names; load it with `source <(npx homelab complete bash)`.\n",
    "Results go to standard output; progress and errors go to standard error.\n",
    ...(program ? visible(program).flatMap(section) : []),
  ].join("\n");
