import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunCommand } from "../../../lib/core/process/command.ts";
import { UsageError } from "../../../lib/core/usage-error.ts";
import {
  type VerifyContext,
  type VerifyRequest,
  verifyCommand,
} from "../../../operations/verify-backup/verify-command.ts";
import { encrypt, identity, NAME, NOW, snapshotOf, streamOf } from "./fixtures.ts";

const snapshot = snapshotOf();
const encrypted = await encrypt(snapshot);
const etcdutl: RunCommand = async () => ({
  code: 0,
  stdout: '{"revision":7,"totalKey":3,"version":"3.6.0"}',
  stderr: "",
  timedOut: false,
});

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "verify-command-test-"));
  file = join(directory, `${NAME}.age`);
  writeFileSync(file, encrypted);
  vi.stubEnv("TMPDIR", directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const run = async (
  source: string,
  request: Partial<VerifyRequest> = {},
  context: Partial<VerifyContext> = {},
) => {
  const lines: string[] = [];
  const code = await verifyCommand(
    { source, decrypted: false, json: false, ...request },
    {
      environment: { AGE_IDENTITY: identity },
      now: NOW,
      store: async () => {
        throw new Error("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: must be set");
      },
      run: etcdutl,
      out: (line) => lines.push(line),
      ...context,
    },
  );
  return { code, text: lines.join("\n") };
};

describe("a good backup", () => {
  it("is told in a few lines", async () => {
    const { code, text } = await run(file);
    expect(code).toBe(0);
    expect(text).toContain(
      `GOOD ${file}\n  revision 7, 3 keys, 4128 bytes (${encrypted.length} as stored, encrypted)`,
    );
    expect(text).toContain("made 2026-03-01T02:00:00.000Z, 10 h ago");
  });

  it("is told as JSON", async () => {
    const { code, text } = await run(file, { json: true, maxAge: "26h" });
    expect(code).toBe(0);
    expect(JSON.parse(text)).toEqual({
      good: true,
      source: file,
      stored: encrypted.length,
      time: "2026-03-01T02:00:00.000Z",
      ageSeconds: 36_000,
      encrypted: true,
      compressed: false,
      bytes: 4128,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      revision: 7,
      keys: 3,
      storageVersion: "3.6.0",
    });
  });

  it("is written out for its owner only, and nothing else stays", async () => {
    const output = join(directory, "db.snapshot");
    const { code, text } = await run(file, { output });
    expect(code).toBe(0);
    expect(text).toContain(`written to ${output}: it holds every Secret of the cluster`);
    expect(readFileSync(output).equals(snapshot)).toBe(true);
    expect(statSync(output).mode & 0o077).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(["db.snapshot", `${NAME}.age`]);
  });

  it("is fetched from the store", async () => {
    const object = { key: `etcd/${NAME}.age`, size: encrypted.length, stored: NOW };
    const store = { list: async () => [object], get: async () => ({ object, bytes: streamOf(encrypted) }) };
    const { code, text } = await run("s3://b/etcd/", {}, { store: async () => store });
    expect([code, text.split("\n")[0]]).toEqual([0, `GOOD s3://b/etcd/${NAME}.age`]);
  });
});

describe("a refused backup", () => {
  it("says why, writes nothing and leaves nothing", async () => {
    writeFileSync(file, encrypted.subarray(0, 2000));
    const { code, text } = await run(file, { output: join(directory, "db.snapshot"), maxAge: "1h" });
    expect(code).toBe(1);
    expect(text).toMatch(
      /^REFUSED .*: too-old: it is 10 h old: at most 1 h will do\nREFUSED .*: damaged: it was cut off/,
    );
    expect(readdirSync(directory)).toEqual([`${NAME}.age`]);
  });

  it("says so as JSON", async () => {
    const { code, text } = await run(join(directory, "gone"), { json: true });
    expect(code).toBe(1);
    expect(JSON.parse(text)).toEqual({
      good: false,
      source: join(directory, "gone"),
      refusals: [{ reason: "missing", message: "cannot be read: ENOENT" }],
    });
  });

  it("is one that cannot be judged for want of etcdutl", async () => {
    const none: RunCommand = async () => ({
      code: -1,
      stdout: "",
      stderr: "spawn etcdutl ENOENT",
      timedOut: false,
    });
    const { code, text } = await run(file, {}, { run: none });
    expect([code, text]).toEqual([1, expect.stringContaining("no-tool: it cannot be opened: etcdutl")]);
  });

  it("never writes over another file", async () => {
    const output = join(directory, "db.snapshot");
    writeFileSync(output, "mine");
    const { code, text } = await run(file, { output });
    expect([code, text]).toEqual([1, expect.stringContaining("is good, but cannot be written to")]);
    expect(readFileSync(output, "utf8")).toBe("mine");
  });
});

describe("wrong use", () => {
  const messageOf = (...args: Parameters<typeof run>): Promise<string> =>
    run(...args).then(
      () => "none",
      (error: UsageError) => (error instanceof UsageError ? error.message : "another error"),
    );

  it("is told all at once, and without the key", async () => {
    const message = await messageOf("s3://b/etcd/", { maxAge: "soon", decrypted: true });
    for (const problem of [
      "--decrypted: must come with a file",
      "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: must be set",
      '--max-age: must be a number of minutes, hours or days, e.g. 26h: got "soon"',
    ])
      expect(message).toContain(problem);
    expect(message).not.toContain(identity);
  });

  it("is a backup without its key", async () => {
    expect(await messageOf("x", {}, { environment: {} })).toContain(
      "AGE_IDENTITY, AGE_IDENTITY_FILE: one of them must hold the age identity",
    );
  });
});
