/** How other programs are run: one small function, so that tests put a double in its place. */
import { execFile } from "node:child_process";

const MOST_OUTPUT = 64 * 1024 * 1024;
/** Left to a program between being asked to end and being killed. */
const GRACE = 1_000;

export interface CommandResult {
  /** Exit code; -1 when the program could not be started or was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program, without a shell. Returns soon after `timeout` (milliseconds) at the latest, and never throws. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options: RunOptions,
) => Promise<CommandResult>;

export interface RunOptions {
  /** In milliseconds. */
  readonly timeout: number;
  /** @default - the directory of this process */
  readonly directory?: string;
  /**
   * Variables beside those of this process.
   * @default - none
   */
  readonly variables?: Readonly<Record<string, string>>;
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

/** Why a command failed, in one line; nothing when it succeeded. */
export const failureOf = ({ code, stderr, timedOut }: CommandResult): string | undefined => {
  if (timedOut) return "no answer in time";
  if (code === 0) return undefined;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return `exit code ${code}${lines.length > 0 ? `: ${lines.at(-1)?.trim().slice(0, 300)}` : ""}`;
};

/** The programs of this machine. */
export const runCommand: RunCommand = (command, args, { timeout, directory, variables }) =>
  new Promise((resolve) => {
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const child = execFile(
      command,
      [...args],
      {
        encoding: "utf8",
        maxBuffer: MOST_OUTPUT,
        ...(directory !== undefined && { cwd: directory }),
        ...(variables && { env: { ...process.env, ...variables } }),
      },
      (error, stdout, stderr) => {
        clearTimeout(timer);
        clearTimeout(killer);
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        const notStarted = error !== null && typeof error.code === "string" ? error.message : "";
        resolve({ code, stdout, stderr: stderr || notStarted, timedOut });
      },
    );
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGTERM");
      killer = setTimeout(() => {
        child.kill("SIGKILL");
        // Its own children may hold the pipes open for longer.
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
        resolve({ code: -1, stdout: "", stderr: "", timedOut });
      }, GRACE);
    }, timeout);
  });
