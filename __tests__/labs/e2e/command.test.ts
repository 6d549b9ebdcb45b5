import { expect, test } from "vitest";
import { e2e } from "../../../labs/commands/e2e.ts";
import { readE2eRequest } from "../../../labs/e2e/command.ts";
import { run } from "../../operations/cli/run.ts";

test("reads its options", () => {
  expect(
    readE2eRequest({ env: "prod", kills: "2", seed: "7", break: ["lock", "protection"], keep: false }),
  ).toMatchObject({ env: "prod", kills: 2, seed: 7, faults: ["lock", "protection"] });
});

test("all that is wrong is said at once", () => {
  expect(() =>
    readE2eRequest({ env: "dev", kills: "some", seed: "7", break: ["everything"], keep: false }),
  ).toThrow(/^--kills: must be a whole number: got "some"\n--break: no fault "everything": .*lock/);
});

test.each([["--kills=-1"], ["--unknown"], ["--break=toString"], ["--env=staging"]])(
  "%s is wrong use",
  async (argument) => {
    const { code, err } = await run(e2e, argument);
    expect(code).toBe(2);
    expect(err).not.toMatch(/^ +at /m);
  },
);
