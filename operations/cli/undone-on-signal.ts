/** Work that writes files: a signal puts back what was there before. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** A file, or every file below a directory; none of what is not there. */
const filesIn = (path: string): string[] => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
};

/** Remembers files, and returns what puts them back as they were and takes away those that came. */
export const rememberedFiles = (paths: readonly string[]): (() => void) => {
  const before = new Map(paths.flatMap(filesIn).map((file) => [file, readFileSync(file)]));
  return () => {
    for (const file of paths.flatMap(filesIn)) if (!before.has(file)) rmSync(file);
    for (const [file, content] of before)
      if (!existsSync(file) || !readFileSync(file).equals(content)) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
  };
};

/**
 * Does the work. When a signal comes meanwhile, the programs that it started are ended, the paths are as before, and
 * this program ends as a signal ends one.
 */
export const undoneOnSignal = async <T>(paths: readonly string[], work: () => Promise<T>): Promise<T> => {
  const putBack = rememberedFiles(paths);
  const stop = (_: NodeJS.Signals, number: number) => {
    // Whoever ends programs at the exit has been told to before: nothing writes any more.
    process.on("exit", () => {
      putBack();
      process.stderr.write("\nbroken off, nothing was done\n");
    });
    process.exit(128 + number);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
};
