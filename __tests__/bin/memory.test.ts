import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keep, keyOf, recall } from "../../bin/memory.mjs";

const BUNDLE = "0".repeat(64);
const GIVEN = {
  variables: { CDKTF_CONTEXT_JSON: "{}", HOME: "/home" },
  day: "2026-11-28",
  node: "v22.0.0",
  outdir: "out",
};

let root: string;
let outdir: string;
let place: string;
const write = (path: string, text: string) => writeFileSync(join(outdir, path), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "memory-"));
  outdir = join(root, "cdktf.out");
  place = join(root, "dist/main.memory");
  for (const stack of ["dev-apps", "dev-platform"]) {
    mkdirSync(join(outdir, "stacks", stack), { recursive: true });
    write(`stacks/${stack}/cdk.tf.json`, `{"stack": "${stack}"}`);
  }
  write("manifest.json", "{}");
  keep(place, "key", "the table\n", outdir);
});
afterEach(() => rmSync(root, { recursive: true }));

test("what was said is said again", () => {
  expect(recall(place, "key", outdir)).toBe("the table\n");
});

describe("the synthesis runs again when anything that it reads changes", () => {
  const key = keyOf(BUNDLE, GIVEN);
  test.each([
    ["the program, an environment or a recorded fact", keyOf("1".repeat(64), GIVEN)],
    ["the day", keyOf(BUNDLE, { ...GIVEN, day: "2026-11-29" })],
    ["Node.js", keyOf(BUNDLE, { ...GIVEN, node: "v24.0.0" })],
    ["where it writes", keyOf(BUNDLE, { ...GIVEN, outdir: "elsewhere" })],
    [
      "a context of cdktf",
      keyOf(BUNDLE, { ...GIVEN, variables: { CDKTF_CONTEXT_JSON: '{"stagedNodes":"diva"}' } }),
    ],
    [
      "a variable of cdktf that comes",
      keyOf(BUNDLE, { ...GIVEN, variables: { ...GIVEN.variables, CDKTF_X: "1" } }),
    ],
    ["the time zone", keyOf(BUNDLE, { ...GIVEN, variables: { ...GIVEN.variables, TZ: "Asia/Tokyo" } })],
  ])("%s", (_, other) => {
    expect(other).not.toBe(key);
    expect(recall(place, other, outdir)).toBeUndefined();
  });

  test("and not for a variable that it does not read", () => {
    expect(keyOf(BUNDLE, { ...GIVEN, variables: { ...GIVEN.variables, HOME: "/root" } })).toBe(key);
  });
});

describe("nothing is believed that does not add up", () => {
  const edited = (change: (entry: Record<string, unknown>) => void) => {
    const entry = JSON.parse(readFileSync(place, "utf8"));
    change(entry);
    writeFileSync(place, JSON.stringify(entry));
  };
  test.each<[string, () => void]>([
    ["a stack that was edited", () => write("stacks/dev-apps/cdk.tf.json", "{}")],
    ["a stack that is gone", () => rmSync(join(outdir, "stacks/dev-apps"), { recursive: true })],
    ["a stack more", () => mkdirSync(join(outdir, "stacks/prod-apps"))],
    ["another manifest", () => write("manifest.json", "[]")],
    ["no output", () => rmSync(outdir, { recursive: true })],
    [
      "an entry with another report",
      () => edited((entry) => Object.assign(entry, { report: "all is well\n" })),
    ],
    ["an entry with other files", () => edited((entry) => Object.assign(entry, { files: [] }))],
    ["an entry cut short", () => writeFileSync(place, readFileSync(place, "utf8").slice(0, 40))],
    ["no entry", () => rmSync(place)],
  ])("%s", (_, damage) => {
    damage();
    expect(recall(place, "key", outdir)).toBeUndefined();
  });
});

test("what did not write its output is not kept", () => {
  rmSync(outdir, { recursive: true });
  rmSync(place);
  keep(place, "key", "the table\n", outdir);
  expect(recall(place, "key", outdir)).toBeUndefined();
});
