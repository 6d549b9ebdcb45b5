import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const STEPS = fileURLToPath(new URL("../../.ci/steps.sh", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "steps-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface File {
  readonly name?: string;
  readonly status?: "passed" | "failed";
  readonly tests?: readonly string[];
}

let reports = 0;
/** A line that runs in place of vitest, and leaves this report. */
const vitest = (...files: File[]): string => {
  const report = join(directory, `${++reports}.report`);
  const testResults = files.map(({ name = "a.test.ts", status = "passed", tests = [] }) => ({
    name: join(process.cwd(), name),
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  }));
  writeFileSync(report, JSON.stringify({ testResults }));
  return `step tests counted bash -c 'cp ${report} "\${3#--outputFile.json=}"' --`;
};
const PASSING = vitest({ tests: ["passed"] });

/** The lines that a run of these prints after its steps, and its exit code. */
const run = (...lines: string[]) => {
  const script = ["set -euo pipefail", `. ${STEPS}`, ...lines, "echo THE END", "finish"].join("\n");
  const { status, stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  const [costs, ...end] = stdout.split("THE END\n")[1]?.trim().split(/\n+/) ?? [];
  return { status, costs, end, stdout };
};

test("everything ran and passed: the count alone", () => {
  expect(run("step one true", PASSING)).toMatchObject({ status: 0, end: ["1 passed, 0 failed"] });
});

test("what each step cost is said, the dearest first, also of one that fails", () => {
  const { costs } = run("step cheap true", "step dear bash -c 'sleep 1.1; exit 1'", PASSING);
  const [, each = ""] = /^seconds: \d+ in all, (.*)$/.exec(costs ?? "") ?? [];
  const steps = each.split(", ").map((step) => step.split(" "));
  expect(steps.map(([, name]) => name).sort()).toEqual(["cheap", "dear", "tests"]);
  const seconds = steps.map(([cost]) => Number(cost));
  expect(seconds).toEqual([...seconds].sort((a, b) => b - a));
  expect(seconds[0]).toBeGreaterThan(0);
});

describe("what fails does not stop the run, and fails it", () => {
  test.each([
    ["a step", "step one false", "failed: one"],
    ["an optional one that could run", 'optional one "" bash -c "exit 3"', "failed: one"],
    ["a command that does not exist", "step one no-such-command", "failed: one"],
  ])("%s", (_, line, said) => {
    const { status, end, stdout } = run(line, "step two true", PASSING);
    expect(stdout).toContain("== two");
    expect(end).toEqual([said, "1 passed, 0 failed"]);
    expect(status).toBe(1);
  });

  test("tests, though their command ended well", () => {
    expect(run(vitest({ status: "failed", tests: ["passed", "failed"] }))).toMatchObject({
      status: 1,
      end: ["1 passed, 1 failed"],
    });
  });

  test("a file that could not be read counts as a failure", () => {
    expect(run(PASSING, vitest({ status: "failed" }))).toMatchObject({
      status: 1,
      end: ["1 passed, 1 failed"],
    });
  });

  test("no test at all", () => {
    expect(run("step one true")).toMatchObject({ status: 1, end: ["0 passed, 0 failed"] });
  });
});

describe("what was left out is said, with the reason, and does not fail", () => {
  test.each([
    ["a reason", 'optional one "no network" false', "left out: one: no network"],
    [
      "a tool",
      'optional one "$(needs no-tool bash neither)" false',
      "left out: one: not installed: no-tool neither",
    ],
    [
      "a command that finds out",
      'optional one "" bash -c "echo trying; echo no registry; exit 77"',
      "left out: one: no registry",
    ],
    ["a line of a step", "step one printf '\\e[31mleft out: two: no mirror\\n'", "left out: two: no mirror"],
    ["a note of a step", "step one printf 'note: another version\n'", "note: another version"],
  ])("%s", (_, line, said) => {
    expect(run(line, PASSING)).toMatchObject({ status: 0, end: [said, "1 passed, 0 failed"] });
  });

  test("tests that skip themselves, by file", () => {
    const skipping = vitest({ name: "x/b.test.ts", tests: ["passed", "skipped", "pending"] });
    expect(run(PASSING, skipping)).toMatchObject({
      status: 0,
      end: ["left out: 2 of 3 tests of x/b.test.ts, skipped by themselves", "2 passed, 0 failed, 2 skipped"],
    });
  });
});

test("an optional step whose tools are there runs", () => {
  expect(run('optional one "$(needs bash)" echo it ran', PASSING).stdout).toContain("it ran");
});
