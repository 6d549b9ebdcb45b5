/** One name, one meaning: what two files export under the same name is told apart by nobody who reads a call. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const EXPORT = /^export (?:abstract |async )?(?:type|interface|class|function|const|enum) (\w+)/gm;

const exportsOf = (text: string): string[] => [...text.matchAll(EXPORT)].map(([, name = ""]) => name);

test("no two files export the same name; a command's definition is called as the command", () => {
  const wings = ["bin", "environments", "lib", "apps", "stacks", "operations", "labs"];
  const files = execFileSync("git", ["ls-files", ...wings], { encoding: "utf8" }).split("\n");
  const places = new Map<string, string[]>();
  for (const path of files.filter((each) => each.endsWith(".ts") && !each.includes("/commands/")))
    for (const name of new Set(exportsOf(readFileSync(path, "utf8"))))
      places.set(name, [...(places.get(name) ?? []), path]);
  const twice = [...places].filter(([, paths]) => paths.length > 1);
  expect(twice.map(([name, paths]) => `${name}: ${paths.join(", ")}`)).toEqual([]);
  expect(places.size).toBeGreaterThan(500);
});

test("types, classes and functions are seen", () => {
  expect(
    exportsOf("export type A = 1;\nexport abstract class B {\nexport const c = 1;\nconst d = 1;"),
  ).toEqual(["A", "B", "c"]);
});
