/** Servers that run beside the drill, on the loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const START = 60_000;

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

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
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
  readonly variables?: Readonly<Record<string, string>>;
  /** File for what it prints. */
  readonly log: string;
  /** Port on the loopback that it listens on once it is up. */
  readonly port: number;
}

export class Service {
  private child: ChildProcess | undefined;

  constructor(private readonly props: ServiceProps) {}

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Refused: a program that ends, or does not listen in time, with the end of its log. */
  async start(): Promise<void> {
    const { command, args, variables = {}, log, port } = this.props;
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
    while (!(await answers(port))) {
      if (problem !== undefined || Date.now() > deadline) {
        const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-10).join("\n");
        throw new Error(`${command}: ${problem ?? "does not listen in time"}:\n${tail}`);
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
