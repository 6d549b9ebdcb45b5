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

test("commands take turns after a round that warms up, each as often as it is asked to", () => {
  timeInterleaved([command("a", 3), command("b", 2)]);
  expect(readFileSync(log, "utf8")).toBe("ab" + "ab" + "ab" + "a");
});

test("gives the median time of each", () => {
  const seconds = timeInterleaved([
    command("quick", 3),
    command("slow", 3, "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 301);"),
  ]);
  expect(seconds("slow")).toBeGreaterThan(0.3);
  expect(seconds("slow")).toBeGreaterThan(seconds("quick"));
});

test("a command that fails is named with what it said", () => {
  expect(() => timeInterleaved([command("broken", 1, "console.error('why'); process.exit(3);")])).toThrow(
    /broken.* ended with 3:\nwhy/,
  );
});
