import { resolve } from "node:path";

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
  const answer = await text({ message, validate: (given) => problem?.((given ?? "").trim()) });
  if (isCancel(answer)) throw new Cancelled();
  return (answer ?? "").trim();
};

/** The terminal of this process. */
export const processTerminal = (cwd: string): Terminal => ({
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  cwd,
  ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
});

/** A path on the command line, whole. `-`, standard input, stays. */
export const pathFrom = ({ cwd }: Terminal, path: string): string =>
  path === "-" ? path : resolve(cwd, path);

/** Options that are paths, whole. */
export const pathsFrom = <T extends Readonly<Record<string, string | undefined>>>(
  terminal: Terminal,
  paths: T,
): T =>
  Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, path && pathFrom(terminal, path)]),
  ) as T;
