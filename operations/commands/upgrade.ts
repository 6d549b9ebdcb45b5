/** `npm run upgrade -- <environment>`: Talos and Kubernetes, one node at a time. See docs/runbooks/upgrade.md. */
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { parseEnvironment } from "../../environments/schema.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { upgradeCommand } from "../upgrade/upgrade-command.ts";

const ask = async (question: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
};

process.exitCode = await upgradeCommand(
  process.argv.slice(2),
  {
    dev: () => parseEnvironment(dev),
    prod: () => parseEnvironment(prod),
  },
  {
    run: runCommand,
    clock: { now: Date.now, sleep: (milliseconds) => setTimeout(milliseconds) },
    fileSize: (path) => statSync(path, { throwIfNoEntry: false })?.size,
    out: (line) => console.log(line),
    ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
    stateHome: process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state"),
  },
);
