/** Checks the pages that people read first: links lead somewhere, and README is short. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const pages = execFileSync("git", ["ls-files", "*.md"], { encoding: "utf8" }).split("\n").filter(Boolean);

/** Targets of links in the tree, without those into the web and within the page. */
const targets = (page: string): string[] =>
  [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s#]+)(#[^)]*)?\)/g)].flatMap(([, target = ""]) =>
    /^(https?|mailto):/.test(target) ? [] : [target],
  );

test.each(pages)("every link of %s leads to a file", (page) => {
  expect(targets(page).filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
});

test("README is short enough to be read", () => {
  expect(readFileSync("README.md", "utf8").split("\n").length).toBeLessThanOrEqual(150);
});
