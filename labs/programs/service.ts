/** Servers that run beside checks, on the loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds. */
const START = 120_000;
const LINES_OF_A_FAILURE = 15;

/** A port that nobody listened on a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** Asks whether somebody listens on a port. */
export const listensOn =
  (port: number, host = "127.0.0.1") =>
  (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, host);
      const end = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once("connect", () => end(true));
      socket.once("error", () => end(false));
    });

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface ServiceProps {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** File for what it prints. */
  readonly log: string;
  /** Asked until it says yes, which is when the service has started. */
  readonly isUp: () => Promise<boolean>;
}

export class LoopbackServer {
  private child: ChildProcess | undefined;

  constructor(private readonly props: ServiceProps) {}

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the program; refuses one that ends, or is not up in time, with the end of its log. */
  async start(): Promise<void> {
    const { command, args, variables = {}, log, isUp } = this.props;
    const out = openSync(log, "a");
    const child = spawn(command, args, {
      stdio: ["ignore", out, out],
      env: { ...process.env, ...variables },
    });
    this.child = child;
    running.add(child);
    let problem: string | undefined;
    child.once("error", ({ message }) => {
      problem = message;
    });
    child.once("exit", (code, signal) => {
      running.delete(child);
      problem ??= `ended with ${code ?? signal}`;
    });
    const deadline = Date.now() + START;
    while (!(await isUp())) {
      if (problem !== undefined || Date.now() > deadline) {
        const lines = readFileSync(log, "utf8").trimEnd().split("\n");
        const tail = lines.slice(-LINES_OF_A_FAILURE).join("\n");
        throw new Error(`${basename(command)}: ${problem ?? "is not up in time"}:\n${tail}`);
      }
      await sleep(50);
    }
  }

  /** Ends it as a machine that loses power does. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
}
