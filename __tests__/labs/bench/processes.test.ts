import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { timeInterleaved } from "../../../labs/bench/processes.ts";

let directory: string;
let log: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "processes-"));
  log = join(directory, "log");
});

afterEach(() => rmSync(directory, { recursive: true }));

const command = (name: string, rounds: number, script = "") => ({
  name,
  file: process.execPath,
  args: ["-e", `require("node:fs").appendFileSync(process.env.LOG, ${JSON.stringify(name)});${script}`],
  env: { LOG: log },
  rounds,
});

const busy = JSON.stringify("while (process.cpuUsage().user < 2e5);");

test("commands take turns after a round that warms up, each as often as it is asked to", () => {
  timeInterleaved([command("a", 3), command("b", 2)]);
  expect(readFileSync(log, "utf8")).toBe("ab" + "ab" + "ab" + "a");
});

test("gives the median processor time of each, of what it starts too, and none for waiting", () => {
  const seconds = timeInterleaved([
    command("waiting", 1, "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);"),
    command("busy", 1, "while (process.cpuUsage().user < 2e5);"),
    command("starting", 1, `require("node:child_process").execFileSync(process.execPath, ["-e", ${busy}]);`),
  ]);
  expect(seconds("busy")).toBeGreaterThan(0.2);
  expect(seconds("starting")).toBeGreaterThan(0.2);
  expect(seconds("waiting")).toBeLessThan(0.4);
});

test("a command that fails is named with what it said", () => {
  expect(() => timeInterleaved([command("broken", 1, "console.error('why'); process.exit(3);")])).toThrow(
    /broken.* ended with 3:\n[\d. ]+\nwhy/,
  );
});
