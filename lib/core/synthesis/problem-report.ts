/** Problems as a person reads them: by cause, on one screen, and all of them in a file. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One problem of several that have the same cause. */
export interface Problem {
  /** The cause that they have in common, in a few words. */
  readonly cause: string;
  readonly text: string;
}

/** Lines between the first and the last. */
const BODY_LINES = 36;
const EXAMPLES = 3;

/** The lines of a problem that stands for itself are its cause. */
const asProblem = (problem: string | Problem): Problem =>
  typeof problem === "string" ? { cause: problem, text: problem } : problem;

/** The text of each problem. */
export const textsOf = (problems: readonly (string | Problem)[]): string[] =>
  problems.map((problem) => asProblem(problem).text);

/** Problems under `title`, by cause with a count and examples; what does not fit stands in a file that the last line names. */
export const problemReport = (title: string, problems: readonly (string | Problem)[]): string => {
  const byCause = new Map<string, Problem[]>();
  for (const problem of problems.map(asProblem))
    byCause.get(problem.cause)?.push(problem) ?? byCause.set(problem.cause, [problem]);
  const groups = [...byCause];
  const shown = [EXAMPLES, 2, 1].map((examples) => groups.map((group) => render(group, examples)));
  const fitting = shown.find((some) => some.flat().length <= BODY_LINES) ?? shown.at(-1) ?? [];
  const body: string[] = [];
  let left = 0;
  for (const lines of fitting) {
    if (left === 0 && body.length + lines.length <= BODY_LINES) body.push(...lines);
    else left++;
  }
  const isWhole = left === 0 && groups.every(([, { length }]) => length <= EXAMPLES) && fitting === shown[0];
  return [
    title,
    ...body,
    ...(left === 0 ? [] : [`  and ${left} causes more`]),
    ...(isWhole ? [] : [`  all ${problems.length} are in ${written(textsOf(problems))}`]),
  ].join("\n");
};

const render = ([cause, group]: [string, Problem[]], examples: number): string[] =>
  group.length <= examples
    ? group.flatMap(({ text }) => indented(text, "  "))
    : [
        `  ${cause}: ${group.length}, e.g.`,
        ...group.slice(0, examples).flatMap(({ text }) => indented(text, "    ")),
      ];

const indented = (text: string, by: string): string[] => text.split("\n").map((line) => `${by}${line}`);

const written = (texts: readonly string[]): string => {
  const file = join(mkdtempSync(join(tmpdir(), "problems-")), "problems.txt");
  writeFileSync(file, `${texts.join("\n")}\n`);
  return file;
};
