import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { installDrillTools } from "../../../labs/drill/tools.ts";
import type { RunCommand } from "../../../lib/core/process/command.ts";

const TOOLS = ["age", "age-keygen", "etcd", "etcdctl", "etcdutl", "versitygw"];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "drill-tools-test-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A machine on which nothing but these programs is there. */
const machine =
  (...programs: string[]): RunCommand =>
  async (command) => ({
    code: programs.includes(command) ? 0 : -1,
    stdout: "",
    stderr: programs.includes(command) ? "" : `spawn ${command} ENOENT`,
    timedOut: false,
  });

it("names everything that cannot be had", async () => {
  const missing = await installDrillTools(
    machine(),
    join(directory, "cache"),
    join(directory, "bin"),
    () => {},
  );
  expect(missing).toEqual([
    ...["etcd v3.6.16", "etcdctl v3.6.16", "etcdutl v3.6.16", "age v1.3.2", "age-keygen v1.3.2"].map(
      (tool) => `${tool}: Go is not installed`,
    ),
    "versitygw v1.8.0: Go is not installed",
    "zstd: not installed, and apt-get could not install it",
  ]);
});

it("builds nothing twice, and links all to the names that a runbook calls", async () => {
  const cache = join(directory, "cache", "bin");
  const bin = join(directory, "bin");
  mkdirSync(cache, { recursive: true });
  for (const name of TOOLS) {
    const version = name.startsWith("age") ? "v1.3.2" : name === "versitygw" ? "v1.8.0" : "v3.6.16";
    writeFileSync(join(cache, `${name}-${version}`), "");
  }
  const log: string[] = [];
  const missing = await installDrillTools(machine("zstd"), join(directory, "cache"), bin, (line) =>
    log.push(line),
  );
  expect([missing, log]).toEqual([[], []]);
  expect(readdirSync(bin).sort()).toEqual(TOOLS);
  expect(TOOLS.every((name) => existsSync(join(bin, name)))).toBe(true);
});
