/** Files that are made from data and committed: written, or checked against what is there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Path below a directory, and content. */
export type CommittedFiles = ReadonlyMap<string, string>;

type State = "missing" | "stale" | "orphaned";

/** Files with these endings in the folders of the wanted ones. */
const presentIn = (directory: string, files: CommittedFiles, ...endings: string[]): string[] =>
  [...new Set([...files.keys()].map(dirname))].flatMap((folder) => {
    const path = join(directory, folder);
    const names = existsSync(path) ? readdirSync(path) : [];
    return names
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .map((name) => join(folder, name));
  });

/** Differences, sorted by path. Files with the endings that nothing explains, in the same folders, are orphaned. */
const differences = (directory: string, files: CommittedFiles, ...endings: string[]): [string, State][] => {
  const present = presentIn(directory, files, ...endings);
  return [...new Set([...files.keys(), ...present])].sort().flatMap((file): [string, State][] => {
    const wanted = files.get(file);
    if (wanted === undefined) return [[file, "orphaned"]];
    if (!present.includes(file)) return [[file, "missing"]];
    return readFileSync(join(directory, file), "utf8") === wanted ? [] : [[file, "stale"]];
  });
};

/** One line for each file that is missing, stale or orphaned; none when all is current. */
export const committedProblems = (directory: string, files: CommittedFiles, ...endings: string[]): string[] =>
  differences(directory, files, ...endings).map(([file, state]) => `${join(directory, file)} is ${state}`);

/** Makes the folders hold these files and no other with the endings; returns a line for each change. */
export const writeCommitted = (directory: string, files: CommittedFiles, ...endings: string[]): string[] =>
  differences(directory, files, ...endings).map(([file, state]) => {
    const path = join(directory, file);
    if (state === "orphaned") {
      rmSync(path);
      return `removed ${path}`;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, files.get(file) ?? "");
    return `wrote ${path}`;
  });
