import { expect, test } from "vitest";
import { type Check, closingTable, isSuccess, LeftOut, runChecks } from "../../../labs/e2e/check.ts";

const passes: Check<unknown> = { name: "passes", run: async () => "seen" };
const fails: Check<unknown> = { name: "fails", run: () => Promise.reject(new Error("wrong\nvery")) };
const cannot: Check<unknown> = { name: "cannot", run: () => Promise.reject(new LeftOut("no chart")) };

const run = (...checks: Check<unknown>[]) => runChecks(checks, undefined, () => undefined);
const statuses = async (...checks: Check<unknown>[]) => (await run(...checks)).map(({ status }) => status);

test("a failure does not stop the others", async () => {
  expect(await statuses(fails, passes, cannot)).toEqual(["failed", "passed", "left out"]);
});

test("nothing runs on ground that gave way", async () => {
  expect(await statuses(passes, { ...fails, isGround: true }, passes, cannot)).toEqual([
    "passed",
    "failed",
    "not run",
    "not run",
  ]);
});

test("what was left out is no failure, what was not run is", async () => {
  expect(isSuccess(await run(passes, cannot))).toBe(true);
  expect(isSuccess(await run(passes, fails))).toBe(false);
  expect(isSuccess((await run({ ...fails, isGround: true }, passes)).slice(1))).toBe(false);
});

test("nothing but things left out is no success", async () => {
  expect(isSuccess(await run(cannot))).toBe(false);
  expect(isSuccess([])).toBe(false);
});

test("the table has a line for each, and counts", async () => {
  const table = closingTable(await run(passes, fails, cannot));
  expect(table).toMatch(/^passes +passed +0 s {2}seen$/m);
  expect(table).toMatch(/^fails +failed +0 s {2}wrong$/m);
  expect(table).toMatch(/^cannot +left out +0 s {2}no chart$/m);
  expect(table).toContain("e2e: 1 passed, 1 failed, 1 left out");
});

test("what was not run counts as failed", async () => {
  expect(closingTable(await run({ ...fails, isGround: true }, passes))).toContain(
    "e2e: 0 passed, 2 failed, 0 left out",
  );
});
