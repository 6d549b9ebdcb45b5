/** Programs that the end-to-end run starts. */
import { spawn } from "node:child_process";

export interface Finished {
  /** Undefined when a signal ended the program. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Called with each piece of standard output. */
  readonly onOutput?: (text: string) => void;
  /** Called once with how to end the program and all that it started. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs a program to its end. Refused: one that is not there. */
export const run = (
  command: string,
  args: readonly string[],
  { cwd, env, input, onOutput, onStart }: RunOptions = {},
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const detached = onStart !== undefined;
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      out.push(chunk);
      onOutput?.(chunk.toString("utf8"));
    });
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on("close", (status) =>
      resolve({
        status: status ?? undefined,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
    // A program that reads nothing of what it is given says so by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    onStart?.((signal) => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    });
  });

const LINES_OF_A_FAILURE = 25;

/** The last lines that a program wrote, without those that are empty. */
export const lastLines = ({ stdout, stderr }: Finished, count = LINES_OF_A_FAILURE): string =>
  `${stdout}\n${stderr}`
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");

/** Runs a program that must succeed; returns what it wrote to standard output. */
export const mustRun = async (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> => {
  const finished = await run(command, args, options);
  if (finished.status === 0) return finished.stdout;
  const how = finished.status === undefined ? "was ended by a signal" : `ended with ${finished.status}`;
  throw new Error(`${[command, ...args].join(" ").slice(0, 200)} ${how}:\n${lastLines(finished)}`);
};

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks again until the answer is true. Refused: no such answer in time, with `what` was waited for. */
export const waitFor = async (what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(250);
  }
};
