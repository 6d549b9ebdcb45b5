import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isDigest, SavedPlans } from "../../../operations/deploy/saved-plan.ts";

const COMMIT = "1".repeat(40);
const OTHER = "2".repeat(40);
const PLANNED = new Date("2026-11-23T12:00:00Z");
const hoursLater = (hours: number) => new Date(PLANNED.getTime() + hours * 3_600_000);
const expected = { stack: "prod-apps", commit: COMMIT, now: hoursLater(1) };

let root: string;
let stackDirectory: string;
let plans: SavedPlans;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "saved-"));
  stackDirectory = join(root, "stack");
  mkdirSync(stackDirectory);
  writeFileSync(join(stackDirectory, ".terraform.lock.hcl"), "locked");
  plans = new SavedPlans(join(root, "plans"));
});

afterEach(() => rmSync(root, { recursive: true }));

const keep = (content = "a plan") => {
  writeFileSync(plans.prepare("prod-apps"), content);
  return plans.keep("prod-apps", stackDirectory, COMMIT, PLANNED);
};

test("what was kept is opened again, with its provider versions", () => {
  const { digest } = keep();
  writeFileSync(join(stackDirectory, ".terraform.lock.hcl"), "other");
  const file = plans.open(stackDirectory, { ...expected, approved: digest });
  expect(readFileSync(file, "utf8")).toBe("a plan");
  expect(readFileSync(join(stackDirectory, ".terraform.lock.hcl"), "utf8")).toBe("locked");
});

test("the digest is that of the file's bytes", () => {
  expect(keep("")).toEqual({
    stack: "prod-apps",
    commit: COMMIT,
    plannedAt: "2026-11-23T12:00:00.000Z",
    digest: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  });
  expect(isDigest(keep("x").digest)).toBe(true);
  expect(isDigest("sha256:12")).toBe(false);
});

test("nobody but the owner reads a plan, and a new one takes the place of the old", () => {
  keep("old");
  const file = plans.prepare("prod-apps");
  expect(existsSync(file)).toBe(false);
  keep("new");
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(statSync(join(root, "plans", "prod-apps")).mode & 0o077).toBe(0);
});

test("a discarded plan is gone, and discarding twice does no harm", () => {
  keep();
  plans.discard("prod-apps");
  plans.discard("prod-apps");
  expect(existsSync(join(root, "plans", "prod-apps"))).toBe(false);
});

describe("refused", () => {
  const file = () => join(root, "plans", "prod-apps", "plan.tfplan");
  const record = () => join(root, "plans", "prod-apps", "plan.json");

  test.each([
    [
      "another approval",
      { approved: `sha256:${"b".repeat(64)}` },
      /approved, sha256:b+: is sha256:[0-9a-f]{64}/,
    ],
    ["another commit", { commit: OTHER }, `must be of this commit, ${OTHER}: is of ${COMMIT}`],
    [
      "a plan of yesterday",
      { now: hoursLater(24.1) },
      "at most 24 hours old: was made 2026-11-23T12:00:00.000Z",
    ],
    ["a plan of tomorrow", { now: hoursLater(-1) }, "at most 24 hours old"],
  ])("%s", (_, change, message) => {
    keep();
    expect(() => plans.open(stackDirectory, { ...expected, ...change })).toThrow(message);
  });

  test("a file that changed since", () => {
    const { digest } = keep();
    writeFileSync(file(), "another plan");
    expect(() => plans.open(stackDirectory, expected)).toThrow(
      `must be what was planned, ${digest}: is sha256:`,
    );
  });

  test("a plan of another stack", () => {
    const kept = keep();
    writeFileSync(record(), JSON.stringify({ ...kept, stack: "dev-apps" }));
    expect(() => plans.open(stackDirectory, expected)).toThrow("must be of prod-apps: is of dev-apps");
  });

  test("all at once", () => {
    keep();
    const wrong = { ...expected, commit: OTHER, now: hoursLater(48), approved: `sha256:${"b".repeat(64)}` };
    expect(() => plans.open(stackDirectory, wrong)).toThrow(/approved.*commit.*24 hours.*Plan again/s);
  });

  test("a record that is none", () => {
    keep();
    writeFileSync(record(), "{}");
    expect(() => plans.open(stackDirectory, expected)).toThrow("plan.json");
  });

  test("no plan", () => {
    expect(() => plans.open(stackDirectory, expected)).toThrow(
      /no saved plan of prod-apps in .*on the same machine/,
    );
  });
});
