import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runInSandbox, sandboxLacks } from "../../../labs/e2e/sandbox.ts";

const [problem] = await sandboxLacks();

test.runIf(problem === undefined)("a signal ends the sandbox with all that runs there", async () => {
  const directory = mkdtempSync(join(tmpdir(), "sandbox-"));
  const [began, ended] = ["began", "ended"].map((name) => join(directory, name)) as [string, string];
  const others = process.listeners("SIGTERM");
  const script = `touch ${began}; sleep 1 & wait; touch ${ended}`;
  const run = runInSandbox("sh", ["-c", script]);
  const outcome = expect(run).rejects.toThrow("stopped by SIGTERM");
  while (!existsSync(began)) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const listener of process.listeners("SIGTERM")) if (!others.includes(listener)) listener("SIGTERM");
  await outcome;
  expect(process.listeners("SIGTERM")).toEqual(others);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(existsSync(ended)).toBe(false);
  rmSync(directory, { recursive: true });
});

test.runIf(problem === undefined)("its program's exit code is returned", async () => {
  expect(await runInSandbox("sh", ["-c", "exit 7"])).toBe(7);
});
