/** Command lines in documents, messages and workflows, held against the scripts and commands that there are. */
import { readFileSync } from "node:fs";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { commands } from "../../../labs/commands/index.ts";
import { programOf } from "../../../operations/cli/homelab.ts";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

/** All commands, of which none does anything. */
export const program = programOf(commands, () => async () => {});

const NPM = /npm run (?:--silent |-s )?([\w-]+)(?: -- ([^`|;&>#\n]*))?|npx homelab ([^`|;&>#\n]*)/g;

/** Stands for a command, or for any. */
const isPlaceholder = (word: string): boolean => /^[^a-z]|[^\w-]/.test(word);

const problemsOf = (command: CommandUnknownOpts, [word = "", ...rest]: readonly string[]): string[] => {
  const below = command.commands.find((each) => each.name() === word);
  if (below) return problemsOf(below, rest);
  if (command === program) return isPlaceholder(word) ? [] : [`homelab ${word}: there is no such command`];
  const known = ["--help", ...command.options.flatMap(({ long }) => long ?? [])];
  return [word, ...rest]
    .flatMap((each) => /^--[a-z][\w-]*/.exec(each)?.[0] ?? [])
    .filter((option) => !known.includes(option))
    .map((option) => `homelab ${command.name()} ${option}: there is no such option`);
};

const words = (line: string): string[] =>
  line
    .replaceAll(/["'[\]()]/g, " ")
    .trim()
    .split(/\s+/);

/** The scripts, commands and options in a text that do not exist. */
export const commandLineProblems = (text: string): string[] =>
  [...text.replaceAll(/\\\n\s*/g, " ").matchAll(NPM)].flatMap(([, script, given, npx]) => {
    if (npx !== undefined) return problemsOf(program, words(npx));
    if (script === "homelab") return given === undefined ? [] : problemsOf(program, words(given));
    return script !== undefined && script in scripts ? [] : [`npm run ${script}: there is no such script`];
  });
