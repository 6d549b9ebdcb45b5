import { expect, it } from "vitest";
import { drill } from "../../../labs/commands/drill.ts";
import { readDrillRequest } from "../../../labs/drill/drill-command.ts";
import { run } from "../../operations/cli/run.ts";

it("reads its options", () => {
  expect(readDrillRequest({ keys: "500", kills: "2", seed: "7", break: ["policy"] })).toEqual({
    count: 500,
    kills: 2,
    seed: 7,
    faults: ["policy"],
  });
});

it("refuses all that is wrong at once, with exit code 2", async () => {
  const { code, err } = await run(
    drill,
    ...["--keys", "99", "--kills=-1", "--seed", "x", "--break", "nothing"],
  );
  expect(code).toBe(2);
  for (const problem of [
    "--keys: must be 100 at least: got 99",
    '--kills: must be a whole number: got "-1"',
    '--seed: must be a whole number: got "x"',
    '--break: no fault "nothing"',
    "known are policy, verify, restore, uploader",
  ])
    expect(err).toContain(problem);
});
