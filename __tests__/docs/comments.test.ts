/** Doc comments of what others use: each exported class, and each field of what a constructor or function takes. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = execFileSync("git", ["ls-files", "lib", "stacks"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => path.endsWith(".ts"));

const INTERFACE =
  /^export interface (\w*(?:Props|Options|Rules|Settings|Source|Choice|Environment)|Volume|Flag|Privileges|LoadBalancer)\b.*\{$/;
const FIELD = /^ {2}readonly (\w+)(\?)?:/;

interface Field {
  readonly name: string;
  readonly comment: string;
  readonly isOptional: boolean;
}

/** The comment that ends right above a line; empty when there is none. */
const commentAbove = (lines: readonly string[], index: number): string => {
  if (!lines[index - 1]?.trim().endsWith("*/")) return "";
  const start = lines.slice(0, index).findLastIndex((line) => line.trim().startsWith("/**"));
  return lines.slice(start, index).join(" ");
};

/** Fields of the exported interfaces that say what a construct or a function takes. */
const fieldsOf = (lines: readonly string[]): Field[] => {
  const fields: Field[] = [];
  let inside = "";
  for (const [index, line] of lines.entries()) {
    inside = INTERFACE.exec(line)?.[1] ?? (line === "}" ? "" : inside);
    const [, name, optional] = (inside && FIELD.exec(line)) || [];
    if (name === undefined || line.includes("?: never")) continue;
    const comment = commentAbove(lines, index);
    fields.push({ name: `${inside}.${name}`, comment, isOptional: optional === "?" });
  }
  return fields;
};

test("every field is documented, and an optional one says its default", () => {
  const problems = files.flatMap((path) =>
    fieldsOf(readFileSync(path, "utf8").split("\n")).flatMap(({ name, comment, isOptional }) =>
      comment === ""
        ? [`${path}: ${name}: has no doc comment`]
        : isOptional && !comment.includes("@default")
          ? [`${path}: ${name}: is optional and says no @default`]
          : [],
    ),
  );
  expect(problems).toEqual([]);
});

test("every exported class is documented", () => {
  const problems = files.flatMap((path) => {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.flatMap((line, index) =>
      /^export (abstract )?class /.test(line) && commentAbove(lines, index) === ""
        ? [`${path}: ${line}`]
        : [],
    );
  });
  expect(problems).toEqual([]);
});

test("the check finds what it looks for", () => {
  const lines = [
    "export interface ThingProps {",
    "  readonly bare: string;",
    "  /** Said. */",
    "  readonly some?: string;",
    "}",
  ];
  expect(fieldsOf(lines)).toEqual([
    { name: "ThingProps.bare", comment: "", isOptional: false },
    { name: "ThingProps.some", comment: "  /** Said. */", isOptional: true },
  ]);
});

const HERE = "__tests__/docs/comments.test.ts";
const read = execFileSync("git", ["ls-files"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => /\.(ts|mjs)$/.test(path) && path !== HERE);

const COMMENT = /\/\*\*.*?\*\//gs;
const RIDDLE = /^\/\*\*[\s*]*(?:What|Whether|How|Where|Who) (?![^.;]*\?\s)/s;

/** The doc comments that begin with a question word and ask nothing, each by its line. */
const riddlesIn = (text: string): string[] =>
  [...text.matchAll(COMMENT)]
    .filter(([comment]) => RIDDLE.test(comment))
    .map(({ 0: comment, index }) => `${text.slice(0, index).split("\n").length}: ${comment}`);

test("the first words of a comment say what the thing is or does", () => {
  const problems = read.flatMap((path) =>
    riddlesIn(readFileSync(path, "utf8")).map((riddle) => `${path}:${riddle}`),
  );
  expect(problems).toEqual([]);
});

test.each([
  ["/** Whether it holds. */", true],
  ["/**\n * What it gives.\n *\n * More.\n */", true],
  ["/** Who is behind an address? The pod. */", false],
  ["/**\n * What it gives.\n *\n * if (it?.known) return;\n */", true],
  ["/** True when it holds. */", false],
  ["/** However it goes. */", false],
])("%j is a riddle: %s", (comment, isRiddle) => {
  expect(riddlesIn(`const a = 1;\n${comment}\n`)).toEqual(isRiddle ? [`2: ${comment}`] : []);
});
