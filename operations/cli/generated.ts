/** Files that are made of environments and apps and are committed: written anew, each by its own command. */
import { failureOf, runCommand } from "../../lib/core/process/command.ts";

const GENERATORS: readonly (readonly string[])[] = [
  ["bin/homelab.mjs", "logical-ids", "--write"],
  ["bin/homelab.mjs", "diagrams"],
  ["bin/homelab.mjs", "runbook"],
  ["bin/homelab.mjs", "commands", "--write"],
  ["node_modules/vitest/vitest.mjs", "run", "__tests__/stacks/snapshot.test.ts", "--update"],
];

/** Paths below which the generators write. */
export const GENERATED: readonly string[] = ["stacks/logical-ids.json", "docs", "__tests__/__snapshots__"];

/** Writes everything, in programs of their own, which read what has just been written; a line for each that could not. */
export const writeGenerated = async (say: (line: string) => void): Promise<string[]> => {
  const failed: string[] = [];
  for (const [program = "", ...args] of GENERATORS) {
    const shown = `node ${program} ${args.join(" ")}`;
    say(shown);
    const failure = failureOf(await runCommand(process.execPath, [program, ...args], {}));
    if (failure !== undefined) failed.push(`${shown}: ${failure}`);
  }
  return failed;
};
