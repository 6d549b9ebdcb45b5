import { expect, test } from "vitest";
import { Checks } from "../../../labs/checks.ts";
import { type Check, runChecks } from "../../../labs/e2e/check.ts";

const passes: Check<unknown> = { name: "passes", run: async () => "seen" };
const fails: Check<unknown> = { name: "fails", run: () => Promise.reject(new Error("wrong")) };

const run = async (...list: Check<unknown>[]) => {
  const lines: string[] = [];
  await runChecks(list, undefined, new Checks("e2e", (line) => lines.push(line)));
  return lines;
};

test("a failure does not stop the others", async () => {
  expect(await run(fails, passes)).toEqual(["failed: fails: wrong", "passed: passes: seen"]);
});

test("nothing runs on ground that gave way", async () => {
  expect(await run(passes, { ...fails, isGround: true }, passes)).toEqual([
    "passed: passes: seen",
    "failed: fails: wrong",
    "not run: passes: after: fails",
  ]);
});
