import { styleText } from "node:util";
import completion from "@bomb.sh/tab/commander";
import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { UsageError } from "../../lib/core/usage-error.ts";
import { type Definition, epilogue, type Run } from "./definition.ts";
import type { Terminal } from "./terminal.ts";

const DESCRIPTION = `Proves, deploys and looks after the homelab. With npm: npm run homelab -- COMMAND …, or npx homelab COMMAND …
Completion: source <(npx homelab complete bash), or zsh; npx homelab complete fish | source.`;

/** A command called wrongly. */
const WRONG = 2;

const addTo = (program: Command, definition: Definition, run: Run): void => {
  const { name, summary, details, build } = definition;
  const command = program.command(name, {}).summary(summary);
  command.description(
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.${details ? ` ${details.replaceAll("\n", " ")}` : ""}`,
  );
  build(command.enablePositionalOptions(), run).addHelpText("after", epilogue(definition));
};

/** The program with all its commands; `run` wraps what each does. */
export const programOf = (definitions: readonly Definition[], run: Run): Command => {
  const program = new Command("homelab");
  program
    .description(DESCRIPTION)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ sortSubcommands: true, styleTitle: (text) => styleText("bold", text) })
    .showHelpAfterError("See it with --help.");
  for (const definition of definitions) addTo(program, definition, run);
  completion(program as CommandUnknownOpts as never);
  return program;
};

const report = (terminal: Terminal, error: unknown): number => {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG;
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  terminal.err(`error: ${process.env.HOMELAB_DEBUG ? stack : message}`);
  if (!(error instanceof UsageError)) return 1;
  terminal.err("See it with --help.");
  return WRONG;
};

/** Runs a command line, given without the program's own name, and returns the exit code. */
export const homelab = async (
  definitions: readonly Definition[],
  args: readonly string[],
  terminal: Terminal,
): Promise<number> => {
  let code = 0;
  const run: Run =
    (work) =>
    async (...given) => {
      code = await work(terminal, ...given);
    };
  const program = programOf(definitions, run);
  for (const each of everyCommand(program))
    each.configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return report(terminal, error);
  }
};

/** A program and all commands below it. */
export const everyCommand = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(everyCommand),
];
