import { expect, test } from "vitest";
import { e2eCommand, readRequest } from "../../../lib/e2e/command.ts";
import { environmentNamed } from "../../../scripts/environments.ts";

test("ten applies are killed, at random points, unless told otherwise", () => {
  expect(readRequest([])).toMatchObject({ kills: 10, faults: [], keep: false });
  expect(
    readRequest(["--kills", "2", "--seed", "7", "--break", "lock", "--break", "protection"]),
  ).toMatchObject({
    kills: 2,
    seed: 7,
    faults: ["lock", "protection"],
  });
});

test("all that is wrong is said at once", () => {
  expect(() => readRequest(["--kills", "some", "--break", "everything"])).toThrow(
    /^--kills: must be a whole number: got "some"\n--break: must be of .*lock.*: got "everything"$/,
  );
});

test.each([["--kills=-1"], ["--unknown"], ["--break=toString"]])("%s is wrong use", async (argument) => {
  const lines: string[] = [];
  const code = await e2eCommand([argument], {
    root: ".",
    script: "e2e.ts",
    environment: environmentNamed("dev"),
    out: (line) => lines.push(line),
  });
  expect(code).toBe(2);
  expect(lines.join("\n")).toContain("usage: npm run e2e");
  expect(lines.join("\n")).not.toMatch(/^ +at /m);
});
