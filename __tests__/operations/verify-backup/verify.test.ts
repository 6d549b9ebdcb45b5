import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Refusal } from "../../../operations/verify-backup/refusal.ts";
import type { Source } from "../../../operations/verify-backup/source.ts";
import { type VerifyOptions, verify } from "../../../operations/verify-backup/verify.ts";
import { encrypt, flipped, identity, NAME, NOW, snapshotOf, sourceOf, stranger, zstdOf } from "./fixtures.ts";

const snapshot = snapshotOf();
const encrypted = await encrypt(snapshot);
const compressed = await encrypt(zstdOf(snapshot));

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "verify-test-"));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const judge = (source: Source, options: Partial<VerifyOptions> = {}) =>
  verify(source, {
    identities: [identity],
    decrypted: false,
    now: NOW,
    workspace,
    openWithEtcd: async () => ({ revision: 7, keys: 3, storageVersion: "3.6.0" }),
    ...options,
  });

const reasons = async (source: Source, options?: Partial<VerifyOptions>): Promise<string[]> => {
  const verdict = await judge(source, options);
  return verdict.good ? ["good"] : verdict.refusals.map(({ reason, message }) => `${reason}: ${message}`);
};

describe("a good backup", () => {
  it.each([
    ["encrypted", `${NAME}.age`, encrypted, false],
    ["compressed and encrypted", `${NAME}.zst.age`, compressed, true],
  ])("%s", async (_, name, content, isCompressed) => {
    const verdict = await judge(sourceOf(content, name));
    expect(verdict).toMatchObject({
      good: true,
      backup: {
        source: name,
        stored: content.length,
        encrypted: true,
        compressed: isCompressed,
        time: new Date("2026-03-01T02:00:00Z"),
        bytes: snapshot.length,
        revision: 7,
        keys: 3,
      },
    });
    const file = join(workspace, "db.snapshot");
    expect(readFileSync(file).equals(snapshot)).toBe(true);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it("that was decrypted by hand, where that is said", async () => {
    expect(await reasons(sourceOf(snapshot, NAME), { decrypted: true, identities: [] })).toEqual(["good"]);
    expect(await reasons(sourceOf(snapshot, NAME))).toEqual([
      "unencrypted: is not encrypted: it is a snapshot, and whoever reads it has every Secret",
    ]);
  });
});

describe("refused", () => {
  it.each<[string, Uint8Array | Promise<Uint8Array>, string, string]>([
    ["empty", new Uint8Array(), `${NAME}.age`, "empty: holds no byte"],
    ["compressed only", zstdOf(snapshot), `${NAME}.zst`, "unencrypted: is not encrypted: it is compressed"],
    ["unencrypted in disguise", snapshot, `${NAME}.age`, "unencrypted: is not encrypted: it is a snapshot"],
    ["something else", Buffer.from("hello"), "notes", "unencrypted: is not encrypted: it does not start"],
    ["altered at once", flipped(encrypted, 3), `${NAME}.age`, "tampered: is named as encrypted, but"],
    [
      "cut off",
      encrypted.subarray(0, 2000),
      `${NAME}.age`,
      "damaged: was cut off after 2000 bytes, or altered",
    ],
    ["altered", flipped(encrypted, encrypted.length - 9), `${NAME}.age`, "damaged: was cut off after"],
    ["for others", encrypt(snapshot, stranger), `${NAME}.age`, "wrong-key: is encrypted to other"],
    ["armored", Buffer.from("-----BEGIN AGE ENCRYPTED FILE-----\n"), `${NAME}.age`, "tampered: is armored"],
    ["empty inside", encrypt(new Uint8Array()), `${NAME}.age`, "empty: holds no byte"],
    ["text inside", encrypt(Buffer.from("hello")), `${NAME}.age`, "not-a-snapshot: is no database of etcd"],
    [
      "a snapshot cut off before it was encrypted",
      encrypt(snapshot.subarray(0, 4000)),
      `${NAME}.age`,
      "truncated: ends early: etcd writes whole sectors of 512 bytes and a hash of 32, and these are 4000",
    ],
    [
      "the same at a whole sector",
      encrypt(snapshot.subarray(0, 2048 + 32)),
      `${NAME}.age`,
      "tampered: does not match the SHA-256 at its end",
    ],
    [
      "a snapshot altered before it was encrypted",
      encrypt(flipped(snapshot, 100)),
      `${NAME}.age`,
      "tampered: does not match the SHA-256 at its end",
    ],
    [
      "a snapshot altered in its hash",
      encrypt(flipped(snapshot, snapshot.length - 1)),
      `${NAME}.age`,
      "tampered: does not match the SHA-256 at its end",
    ],
    [
      "compressed, cut off before it was encrypted",
      encrypt(zstdOf(snapshot).subarray(0, 1000)),
      `${NAME}.zst.age`,
      "truncated: ends within a frame of zstd",
    ],
  ])("%s", async (_, content, name, expected) => {
    const found = await reasons(sourceOf(await content, name));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it("what etcd's tool does not open", async () => {
    const openWithEtcd = async () => {
      throw new Refusal("empty", "holds no key");
    };
    expect(await reasons(sourceOf(encrypted), { openWithEtcd })).toEqual(["empty: holds no key"]);
  });

  it.each([
    ["too old", "prod-2026-03-01T02:00:00Z.snap.age", 3_600_000, "too-old: is 10 h old"],
    ["of the future", "prod-2026-03-02T02:00:00Z.snap.age", undefined, "future: is dated 2026-03-02T02"],
    ["undated", "db.snap.age", 3_600_000, "undated: has no time in its name"],
  ])("whole and authentic, but %s", async (_, name, maxAge, expected) => {
    expect(await reasons(sourceOf(encrypted, name), { maxAge })).toEqual([expect.stringContaining(expected)]);
  });

  it("its age and its content at once", async () => {
    const found = await reasons(sourceOf(encrypted.subarray(0, 2000)), { maxAge: 3_600_000 });
    expect(found).toEqual([
      "too-old: is 10 h old: at most 1 h will do",
      expect.stringContaining("damaged: was cut off"),
    ]);
  });

  it("what the disk has no room for", async () => {
    const source: Source = {
      name: "x.age",
      size: 1,
      bytes: (async function* () {
        yield encrypted;
        throw Object.assign(new Error("write"), { code: "ENOSPC" });
      })(),
    };
    expect(await reasons(source)).toEqual([
      "no-room: cannot be checked: no room for the plain snapshot (ENOSPC); set TMPDIR",
    ]);
  });

  it("without a word of the key or the content", async () => {
    for (const content of [encrypted.subarray(0, 300), await encrypt(Buffer.from("TOP SECRET")), snapshot]) {
      const found = (await reasons(sourceOf(content))).join();
      expect(found).not.toContain(identity);
      expect(found).not.toContain("TOP SECRET");
    }
  });
});
