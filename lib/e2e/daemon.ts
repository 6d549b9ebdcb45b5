/** A program that runs beside the checks, with its output in a file. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { basename } from "node:path";

export class Daemon {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
    /** Where its output goes. */
    readonly log: string,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  get name(): string {
    return basename(this.command);
  }

  start(): void {
    const out = openSync(this.log, "a");
    this.child = spawn(this.command, this.args, {
      stdio: ["ignore", out, out],
      env: { ...process.env, ...this.env },
    });
    this.child.on("error", () => undefined);
  }

  /** Refused: a program that ended by itself, with the end of its log. */
  assertRunning(): void {
    const { child } = this;
    if (child === undefined || (child.exitCode === null && child.signalCode === null)) return;
    const tail = readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-15).join("\n");
    throw new Error(`${this.name} ended with ${child.exitCode ?? child.signalCode}:\n${tail}`);
  }

  /** Ends it at once, as a machine that loses power does. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
}
