import { expect, it } from "vitest";
import { drillCommand, readRequest } from "../../../labs/drill/drill-command.ts";

it("reads its options", () => {
  expect(readRequest(["--keys", "500", "--kills", "2", "--seed", "7", "--break", "policy"])).toEqual({
    count: 500,
    kills: 2,
    seed: 7,
    faults: ["policy"],
  });
  expect(readRequest([])).toMatchObject({ count: 100_000, kills: 20, faults: [] });
});

it("refuses all that is wrong at once, with exit code 2", async () => {
  const lines: string[] = [];
  const args = ["--keys", "99", "--kills=-1", "--seed", "x", "--break", "nothing"];
  const code = await drillCommand(args, { root: "/", cache: "/", out: (line) => lines.push(line) });
  const text = lines.join("\n");
  expect(code).toBe(2);
  for (const problem of [
    "--keys: must be 100 at least: got 99",
    '--kills: must be a whole number: got "-1"',
    '--seed: must be a whole number: got "x"',
    '--break: must be of policy, verify, restore, uploader: got "nothing"',
    "usage: npm run homelab -- drill",
  ]) {
    expect(text).toContain(problem);
  }
});
