/**
 * Runs other programs, in one way: without a shell, with a deadline that ends whatever the program started, and with
 * secrets kept out of messages. A small function, so that tests put a double in its place. Neither execa nor tinyexec
 * ends a process group.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { killGroup, watchGroup } from "./group.ts";
import { withoutSecrets } from "./secrets.ts";

/** Plans of large stacks are some tens of megabytes. */
const MOST_OUTPUT = 512 * 1024 * 1024;
/** Milliseconds left to a program between being asked to end and being killed. */
const GRACE = 1_000;

export interface CommandResult {
  /** Exit code; -1 when the program could not be started or was ended by a signal. */
  readonly code: number;
  readonly stdout: string;
  /** Standard error, without the values of secret variables. */
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end, or soon after its deadline at the latest, and never throws. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options: RunOptions,
) => Promise<CommandResult>;

export interface SyncRunOptions {
  /**
   * Deadline in milliseconds.
   * @default - none: it is waited for
   */
  readonly timeout?: number;
  /** @default - the directory of this process */
  readonly directory?: string;
  /**
   * Variables beside those of this process; undefined takes one out.
   * @default - none
   */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /**
   * Standard input of the command.
   * @default - nothing
   */
  readonly input?: string;
  /**
   * True when it has this terminal to itself; then its output is not captured. Without waiting, what it writes goes
   * to standard error: a result of this program may stand on standard output.
   * @default false
   */
  readonly shown?: boolean;
}

export interface RunOptions extends SyncRunOptions {
  /**
   * Called with each line of standard output as it comes.
   * @default - nobody is told
   */
  readonly onLine?: (line: string) => void;
  /**
   * Called once with how to send a signal to the program and all that it started.
   * @default - nobody is told
   */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** A program and its arguments, ready to be run or shown. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** A reason to stop: something is wrong, or cannot be told. */
export class Doubt extends Error {
  override readonly name = "Doubt";
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** The command as one types it. */
export const commandLine = ({ command, args }: Command): string =>
  [command, ...args]
    .map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");

/** The reason why a command failed, in one line; undefined when it succeeded. */
export const failureOf = ({ code, stderr, timedOut }: CommandResult): string | undefined => {
  if (timedOut) return "no answer in time";
  if (code === 0) return undefined;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return `exit code ${code}${lines.length > 0 ? `: ${lines.at(-1)?.trim().slice(0, 300)}` : ""}`;
};

const LINES_OF_A_FAILURE = 25;

/** The last lines that a program wrote, without those that are empty. */
export const lastLines = (
  { stdout, stderr }: Pick<CommandResult, "stdout" | "stderr">,
  count = LINES_OF_A_FAILURE,
): string =>
  withoutSecrets(`${stdout}\n${stderr}`, process.env)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");

/** The programs of this machine. */
export const runCommand: RunCommand = (command, args, options) =>
  new Promise((resolve) => {
    const { timeout, directory, input, onLine, onStart, shown = false } = options;
    const env = { ...process.env, ...options.variables };
    const child = spawn(command, args, {
      cwd: directory,
      env,
      detached: !shown,
      stdio: shown ? "inherit" : "pipe",
    });
    const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
    let problem = "";
    let timedOut = false;
    const end = (code: number | null) => {
      clearTimeout(deadline);
      clearTimeout(last);
      resolve({
        code: code ?? -1,
        stdout: stdout(),
        stderr: withoutSecrets(stderr() || problem, env),
        timedOut,
      });
    };
    let last: NodeJS.Timeout | undefined;
    const deadline =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killGroup(child, "SIGTERM");
            last = setTimeout(() => {
              killGroup(child, "SIGKILL");
              release(child);
              end(null);
            }, GRACE);
          }, timeout);
    child.once("error", ({ message }) => {
      problem = message;
      end(null);
    });
    child.once("close", end);
    if (!shown) watchGroup(child);
    if (onLine && child.stdout) createInterface(child.stdout).on("line", onLine);
    // A program that reads nothing of what it is given says so by its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    onStart?.((signal) => killGroup(child, signal));
  });

const collected = (stream: Readable | null): (() => string) => {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
};

/** Lets go of a program that cannot be ended, or whose offspring left the group and holds the pipes. */
const release = (child: ChildProcess): void => {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
};

/** The same where nothing else can go on meanwhile. */
export const runCommandSync = (
  command: string,
  args: readonly string[],
  { timeout, directory, variables, input, shown = false }: SyncRunOptions = {},
): CommandResult => {
  const env = { ...process.env, ...variables };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    cwd: directory,
    env,
    timeout,
    maxBuffer: MOST_OUTPUT,
    ...(shown ? { stdio: ["inherit", 2, "inherit"] as const } : { input: input ?? "" }),
  });
  return {
    code: status ?? -1,
    stdout: stdout ?? "",
    stderr: withoutSecrets(stderr || (error?.message ?? ""), env),
    timedOut: (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT",
  };
};

/** Standard output of a program that must succeed. Refused: any other end, with the last lines that it wrote. */
const demanded = (command: Command, result: CommandResult): string => {
  if (result.code === 0 && !result.timedOut) return result.stdout;
  const how = result.timedOut ? "did not end in time" : `ended with ${result.code}`;
  throw new Error(`${commandLine(command).slice(0, 200)} ${how}:\n${lastLines(result)}`);
};

/** Runs a program that must succeed; returns what it wrote to standard output. */
export const mustRun = async (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> => demanded({ command, args }, await runCommand(command, args, options));

/** Runs a program that must succeed, while nothing else goes on; returns what it wrote to standard output. */
export const mustRunSync = (command: string, args: readonly string[], options: SyncRunOptions = {}): string =>
  demanded({ command, args }, runCommandSync(command, args, options));
