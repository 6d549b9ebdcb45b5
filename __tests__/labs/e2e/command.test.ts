import { expect, test } from "vitest";
import { e2eCommand, readRequest } from "../../../labs/e2e/command.ts";
import { environmentNamed } from "../../../operations/cli/environments.ts";

const NAMES = ["dev", "prod"];

test("ten applies are killed, at random points, unless told otherwise", () => {
  expect(readRequest([], NAMES)).toMatchObject({ env: "dev", kills: 10, faults: [], keep: false });
  expect(
    readRequest(
      ["--env", "prod", "--kills", "2", "--seed", "7", "--break", "lock", "--break", "protection"],
      NAMES,
    ),
  ).toMatchObject({
    env: "prod",
    kills: 2,
    seed: 7,
    faults: ["lock", "protection"],
  });
});

test("all that is wrong is said at once", () => {
  expect(() => readRequest(["--env", "lab", "--kills", "some", "--break", "everything"], NAMES)).toThrow(
    /^--env: must be of dev, prod: got "lab"\n--kills: must be a whole number: got "some"\n--break: must be of .*lock.*: got "everything"$/,
  );
});

test.each([["--kills=-1"], ["--unknown"], ["--break=toString"], ["--env=staging"]])(
  "%s is wrong use",
  async (argument) => {
    const lines: string[] = [];
    const code = await e2eCommand([argument], {
      root: ".",
      script: "e2e.ts",
      environments: NAMES.map(environmentNamed),
      out: (line) => lines.push(line),
    });
    expect(code).toBe(2);
    expect(lines.join("\n")).toContain("usage: npm run homelab -- e2e");
    expect(lines.join("\n")).not.toMatch(/^ +at /m);
  },
);
