/** Diagrams as files of the repository. */
import { type CommittedFiles, committedProblems, writeCommitted } from "../../lib/core/committed-files.ts";

/** File name, e.g. `dev.svg` or `dev-layers.md`, and content. */
export type Diagrams = CommittedFiles;

const ENDINGS = [".svg", "-layers.md"];

/** One line for each file that is missing, stale or orphaned; none when all is current. */
export const diagramProblems = (directory: string, diagrams: Diagrams): string[] =>
  committedProblems(directory, diagrams, ...ENDINGS);

/** Makes the directory hold these diagrams and no other; returns a line for each change. */
export const writeDiagrams = (directory: string, diagrams: Diagrams): string[] =>
  writeCommitted(directory, diagrams, ...ENDINGS);
