import { expect, test } from "vitest";
import { commandLine, failureOf, runCommand } from "../../../../lib/core/process/command.ts";

const node = (script: string, timeout = 20_000) => runCommand(process.execPath, ["-e", script], { timeout });

test("a program's output and exit code come back", async () => {
  expect(await node("console.log('out'); console.error('err'); process.exitCode = 3")).toEqual({
    code: 3,
    stdout: "out\n",
    stderr: "err\n",
    timedOut: false,
  });
});

test("a program that hangs is ended", async () => {
  const result = await node("setInterval(() => {}, 1000)", 500);
  expect(result).toMatchObject({ timedOut: true });
  expect(failureOf(result)).toBe("no answer in time");
});

test("a program that will not end, and whose child holds the pipes, does not hold us", async () => {
  const script = `
    require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 15000)"], { stdio: "inherit" });
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 1000);`;
  const began = performance.now();
  expect(failureOf(await node(script, 1_000))).toBe("no answer in time");
  expect(performance.now() - began).toBeLessThan(6_000);
});

test("a program that is not there is a failure, not an exception", async () => {
  const result = await runCommand("/nonexistent/talosctl", [], { timeout: 1_000 });
  expect(failureOf(result)).toMatch(/^exit code -1: spawn \/nonexistent\/talosctl ENOENT$/);
});

test("no shell reads the arguments", async () => {
  const result = await runCommand(process.execPath, ["-p", "process.argv[1]", "$HOME; `id`"], {
    timeout: 20_000,
  });
  expect(result.stdout).toBe("$HOME; `id`\n");
});

test("a failure is the last line of what the program says", () => {
  expect(failureOf({ code: 1, stdout: "", stderr: "first\nlast\n\n", timedOut: false })).toBe(
    "exit code 1: last",
  );
  expect(failureOf({ code: 1, stdout: "", stderr: "", timedOut: false })).toBe("exit code 1");
  expect(failureOf({ code: 0, stdout: "", stderr: "WARNING", timedOut: false })).toBeUndefined();
});

test("a command line can be pasted into a shell", () => {
  expect(commandLine({ command: "kubectl", args: ["get", "nodes", "-l", "a=b,c in (d)", "it's"] })).toBe(
    "kubectl get nodes -l 'a=b,c in (d)' 'it'\\''s'",
  );
});
