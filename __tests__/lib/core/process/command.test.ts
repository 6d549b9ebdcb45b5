import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  commandLine,
  failureOf,
  lastLines,
  mustRun,
  mustRunSync,
  runCommand,
  runCommandSync,
} from "../../../../lib/core/process/command.ts";

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

test("with a program that hangs, all that it started ends", async () => {
  const directory = mkdtempSync(join(tmpdir(), "group-"));
  const beats = join(directory, "beats");
  const script = `(while true; do echo >> ${beats}; sleep 0.02; done) & wait`;
  expect(await runCommand("sh", ["-c", script], { timeout: 500 })).toMatchObject({ timedOut: true });
  const { size } = statSync(beats);
  await sleep(200);
  expect(statSync(beats).size).toBe(size);
  rmSync(directory, { recursive: true });
});

test("whoever starts a program can end it with all that it started, and nothing afterwards", async () => {
  let kill = (_: NodeJS.Signals): void => undefined;
  const result = await runCommand("sh", ["-c", "sleep 60 & echo started; wait"], {
    onStart: (end) => {
      kill = end;
    },
    onLine: () => kill("SIGKILL"),
  });
  expect(result).toMatchObject({ code: -1, stdout: "started\n", timedOut: false });
  expect(() => kill("SIGKILL")).not.toThrow();
});

test("each line of output is told as it comes, and what is given is read", async () => {
  const lines: string[] = [];
  const result = await runCommand("cat", [], { input: "one\ntwo", onLine: (line) => lines.push(line) });
  expect(lines).toEqual(["one", "two"]);
  expect(result.stdout).toBe("one\ntwo");
});

test("what a program complains about comes back without the values of secret variables", async () => {
  const variables = { AWS_SECRET_ACCESS_KEY: "geheim-geheim", PUBLIC_NAME: "not-hidden", API_TOKEN: "a" };
  const script = 'echo "$AWS_SECRET_ACCESS_KEY $PUBLIC_NAME $API_TOKEN" >&2; exit 1';
  const result = await runCommand("sh", ["-c", script], { variables });
  expect(failureOf(result)).toBe("exit code 1: *** not-hidden a");
  expect(runCommandSync("sh", ["-c", script], { variables }).stderr).toBe("*** not-hidden a\n");
});

test("the last lines are those that say something", () => {
  expect(lastLines({ stdout: "one\n\ntwo\n", stderr: "three\n" }, 2)).toBe("two\nthree");
});

test("a program that must succeed gives its output, or the end of what it said", async () => {
  expect(await mustRun("echo", ["yes"])).toBe("yes\n");
  expect(mustRunSync("cat", [], { input: "yes" })).toBe("yes");
  const message = "sh -c 'echo why >&2; exit 3' ended with 3:\nwhy";
  await expect(mustRun("sh", ["-c", "echo why >&2; exit 3"])).rejects.toThrow(message);
  expect(() => mustRunSync("sh", ["-c", "echo why >&2; exit 3"])).toThrow(message);
});

test("where nothing else goes on, the deadline and a program that is not there are failures, too", () => {
  expect(failureOf(runCommandSync("sleep", ["60"], { timeout: 100 }))).toBe("no answer in time");
  expect(failureOf(runCommandSync("/nonexistent/terraform", []))).toMatch(
    /^exit code -1: spawnSync .* ENOENT$/,
  );
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
