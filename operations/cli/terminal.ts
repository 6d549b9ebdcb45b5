import { statSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../lib/core/usage-error.ts";

/** The world that a command talks to. */
export interface Terminal {
  /** Writes a line of the result. */
  readonly out: (text: string) => void;
  /** Writes a line of anything else: progress, notes and errors. */
  readonly err: (text: string) => void;
  /** Directory that paths on the command line start from; the commands themselves run at the project's root. */
  readonly cwd: string;
  /** Asks a person, again until `problem` says nothing; undefined when nobody can answer. */
  readonly ask: Ask | undefined;
}

/** Returns the answer. @throws Cancelled when the person breaks off. */
export type Ask = (question: string, problem?: (answer: string) => string | undefined) => Promise<string>;

/** A person broke a question off. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  constructor() {
    super("broken off, nothing was done");
  }
}

const ask: Ask = async (message, problem) => {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({
    message,
    output: process.stderr,
    validate: (given) => problem?.((given ?? "").trim()),
  });
  if (isCancel(answer)) throw new Cancelled();
  return (answer ?? "").trim();
};

/** The terminal of this process. */
export const processTerminal = (cwd: string): Terminal => ({
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  cwd,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
});

/** A path on the command line, whole. `-`, standard input, stays. */
export const pathFrom = ({ cwd }: Terminal, path: string): string =>
  path === "-" ? path : resolve(cwd, path);

/** A file or directory on the command line that must be there. */
export const inputFrom = (terminal: Terminal, path: string): string => {
  const whole = pathFrom(terminal, path);
  if (path !== "-" && !statSync(whole, { throwIfNoEntry: false }))
    throw new UsageError(`${path}: there is no such file`);
  return whole;
};

type Paths = Readonly<Record<string, string | undefined>>;

const each = <T extends Paths>(paths: T, whole: (path: string) => string): T =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path && whole(path)])) as T;

/** Options that are paths, whole. */
export const pathsFrom = <T extends Paths>(terminal: Terminal, paths: T): T =>
  each(paths, (path) => pathFrom(terminal, path));

/** Options that are files which must be there. */
export const inputsFrom = <T extends Paths>(terminal: Terminal, paths: T): T =>
  each(paths, (path) => inputFrom(terminal, path));
