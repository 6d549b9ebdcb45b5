import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problemReport } from "../../../../lib/core/synthesis/problem-report.ts";

const many = (cause: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ cause, text: `${cause}: flow ${at}` }));

test("a few problems stand as they are", () => {
  expect(problemReport("3 problems:", ["one", "two", { cause: "c", text: "three" }])).toBe(
    "3 problems:\n  one\n  two\n  three",
  );
});

test("many of one cause are a count and three examples, and all of them in a file that the last line names", () => {
  const lines = problemReport("637005 problems:", ["alone", ...many("open", 5000)]).split("\n");
  expect(lines.slice(0, -1)).toEqual([
    "637005 problems:",
    "  alone",
    "  open: 5000, e.g.",
    "    open: flow 0",
    "    open: flow 1",
    "    open: flow 2",
  ]);
  const file = /all 5001 are in (.+)$/.exec(lines.at(-1) ?? "")?.[1] ?? "";
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(5002);
});

test("many causes still fit a screen", () => {
  const causes = Array.from({ length: 300 }, (_, at) => many(`cause ${at}`, 7)).flat();
  const lines = problemReport("2100 problems:", causes).split("\n");
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(lines.at(-2)).toBe("  and 282 causes more");
  expect(lines.at(-1)).toContain("all 2100 are in ");
});
