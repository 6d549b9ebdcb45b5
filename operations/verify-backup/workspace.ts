import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Workspaces that this process has open: the first handler of a signal removes them all. */
const open = new Set<string>();

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Gives `work` a directory that only this user can read, and removes it whatever happens: an end by a signal too,
 * short of a kill.
 */
export const withWorkspace = async <T>(name: string, work: (directory: string) => Promise<T>): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  open.add(directory);
  const end = (signal: NodeJS.Signals) => {
    for (const each of open) rmSync(each, { recursive: true, force: true });
    process.exit(128 + SIGNALS[signal as keyof typeof SIGNALS]);
  };
  const signals = Object.keys(SIGNALS) as NodeJS.Signals[];
  for (const signal of signals) process.once(signal, end);
  try {
    return await work(directory);
  } finally {
    for (const signal of signals) process.off(signal, end);
    open.delete(directory);
    rmSync(directory, { recursive: true, force: true });
  }
};
