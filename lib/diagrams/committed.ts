/** Diagrams as files of the repository: written, or checked against what is there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** File name, e.g. `dev.svg`, and content. */
export type Diagrams = ReadonlyMap<string, string>;

type State = "missing" | "stale" | "orphaned";

/** Files that differ from the diagrams, sorted by name. SVG files that no diagram explains are orphaned. */
const differences = (directory: string, diagrams: Diagrams): [file: string, state: State][] => {
  const present = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith(".svg")) : [];
  const files = [...new Set([...diagrams.keys(), ...present])].sort();
  return files.flatMap((file): [string, State][] => {
    const wanted = diagrams.get(file);
    if (wanted === undefined) return [[file, "orphaned"]];
    if (!present.includes(file)) return [[file, "missing"]];
    return readFileSync(join(directory, file), "utf8") === wanted ? [] : [[file, "stale"]];
  });
};

/** One line for each file that is missing, stale or orphaned; none when all is current. */
export const diagramProblems = (directory: string, diagrams: Diagrams): string[] =>
  differences(directory, diagrams).map(([file, state]) => `${join(directory, file)} is ${state}`);

/** Makes the directory hold these diagrams and no other SVG file; returns a line for each change. */
export const writeDiagrams = (directory: string, diagrams: Diagrams): string[] => {
  mkdirSync(directory, { recursive: true });
  return differences(directory, diagrams).map(([file, state]) => {
    const path = join(directory, file);
    if (state === "orphaned") {
      rmSync(path);
      return `removed ${path}`;
    }
    writeFileSync(path, diagrams.get(file) ?? "");
    return `wrote ${path}`;
  });
};
