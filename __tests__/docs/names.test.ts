/** Constructs are for every homelab: names of one stand in its environments, its apps and its documents. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const NAMES = /synelia|vixens|truxonline/i;

/** Lines that name a homelab, in code and in comments. */
const namesIn = (text: string): string[] => text.split("\n").filter((line) => NAMES.test(line));

test("lib names no homelab", () => {
  const files = execFileSync("git", ["ls-files", "lib"], { encoding: "utf8" }).trim().split("\n");
  expect(files.length).toBeGreaterThan(100);
  expect(
    files.flatMap((path) => namesIn(readFileSync(path, "utf8")).map((line) => `${path}: ${line}`)),
  ).toEqual([]);
  expect(files.filter((path) => NAMES.test(path))).toEqual([]);
});

test.each([
  ['class: "synelia-iscsi-retain"', 1],
  ["/** The gateway of vixens. */", 1],
  ['fieldManager: "TerraVixens"', 1],
  ['class: "local-path-retain"', 0],
])("%j is found %i times", (line, count) => {
  expect(namesIn(line)).toHaveLength(count);
});
