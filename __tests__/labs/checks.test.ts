import { describe, expect, test } from "vitest";
import { Checks, cannotRunHere, LeftOut, must } from "../../labs/checks.ts";

const lab = () => {
  const log: string[] = [];
  const checks = new Checks("drill", (line) => log.push(line));
  const report = (json = false) => {
    const lines: string[] = [];
    const code = checks.report((line) => lines.push(line), json);
    return { code, lines };
  };
  return { log, checks, report };
};

const passes = async () => "seen";
const fails = () => Promise.reject(new Error("3 keys\nare lost"));
const cannot = () => Promise.reject(new LeftOut("no chart"));

test("each check is a line as it ends; a failure does not stop the others", async () => {
  const { log, checks } = lab();
  await checks.run("bad", fails);
  await checks.run("good", passes);
  await checks.run("none", cannot);
  expect(log).toEqual(["failed: bad: 3 keys\nare lost", "passed: good: seen", "left out: none: no chart"]);
});

test("the report has a line for each, every problem, notes and what was left out once, and counts", async () => {
  const { checks, report } = lab();
  await checks.run("good", passes);
  await checks.run("a bad one", fails);
  checks.judge("judged", ["one", "two"]);
  checks.judge("well", []);
  for (const _ of [1, 2]) {
    checks.leaveOut("that", "no Go");
    checks.note("another version");
  }
  expect(report()).toEqual({
    code: 1,
    lines: [
      expect.stringMatching(/^passed {4}\d\.\d s {2}good: seen$/),
      expect.stringMatching(/^failed {4}\d\.\d s {2}a bad one: 3 keys$/),
      "        are lost",
      "failed    0.0 s  judged: one",
      "        two",
      "passed    0.0 s  well",
      "left out  0.0 s  that: no Go",
      "",
      "note: another version",
      "left out: drill: that: no Go",
      "drill: 2 passed, 2 failed, 1 left out",
    ],
  });
});

test("the same as JSON", async () => {
  const { checks, report } = lab();
  await checks.run("good", passes);
  checks.note("seed 7");
  const { code, lines } = report(true);
  expect(code).toBe(0);
  expect(JSON.parse(lines.join("\n"))).toEqual({
    lab: "drill",
    passed: true,
    notes: ["seed 7"],
    checks: [{ name: "good", status: "passed", detail: "seen", seconds: expect.any(Number) }],
  });
});

test("what ends a section is a failure of it, and the next section begins", async () => {
  const { log, checks } = lab();
  await checks.section("kills", async () => {
    await checks.run("one", passes);
    must(false, "no server");
  });
  await checks.section("damage", async () => void (await checks.run("two", passes)));
  expect(log).toEqual(["passed: one: seen", "failed: kills: no server", "passed: two: seen"]);
});

describe("success", () => {
  const passed = async (make: (checks: Checks) => unknown) => {
    const { checks } = lab();
    await make(checks);
    return checks.passed;
  };

  test("needs a check that passed", async () => {
    expect(await passed(() => undefined)).toBe(false);
    expect(await passed((checks) => checks.run("none", cannot))).toBe(false);
  });

  test("stands beside what was left out, not beside what was not run", async () => {
    const good = (checks: Checks) => checks.judge("good", []);
    expect(await passed((checks) => [good(checks), checks.leaveOut("that", "no Go")])).toBe(true);
    expect(await passed((checks) => [good(checks), checks.skip("that", "bad")])).toBe(false);
    expect(await passed((checks) => [good(checks), checks.judge("bad", ["one"])])).toBe(false);
  });
});

test.each([false, true])("a machine that cannot run it says why, as JSON: %s", (json) => {
  const lines: string[] = [];
  expect(cannotRunHere("drill", ["no Go", "no zstd"], (line) => lines.push(line), json)).toBe(77);
  expect(lines.join("\n")).toContain(json ? '"detail": "no Go; no zstd"' : "cannot run here: no Go; no zstd");
});
