import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ObjectStore, openSource, parseLocation } from "../../../operations/verify-backup/source.ts";
import { collect, streamOf } from "./fixtures.ts";

const day = (number: number): Date => new Date(Date.UTC(2026, 2, number));

const storeOf = (objects: Record<string, Date>, cutTo?: number): ObjectStore => ({
  list: async (_, prefix) =>
    Object.entries(objects)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, stored]) => ({ key, size: 3, stored })),
  get: async (_, key) => ({
    object: { key, size: 3, stored: objects[key] ?? day(1) },
    bytes: streamOf(Buffer.from("abc").subarray(0, cutTo)),
  }),
});
const open = (text: string, store = storeOf({})) => openSource(parseLocation(text), async () => store);

describe("parseLocation", () => {
  it.each([
    ["./a.snap.age", { kind: "file", path: "./a.snap.age" }],
    ["s3:/odd", { kind: "file", path: "s3:/odd" }],
    ["s3://b/etcd/a.snap.age", { kind: "object", bucket: "b", key: "etcd/a.snap.age" }],
    ["s3://b/etcd/", { kind: "newest", bucket: "b", prefix: "etcd/" }],
    ["s3://b/", { kind: "newest", bucket: "b", prefix: "" }],
  ])("reads %s", (text, location) => {
    expect(parseLocation(text)).toEqual(location);
  });

  it.each(["s3://", "s3://b", "s3:///key", "https://b/key", "S3://b/key"])("refuses %s", (text) => {
    expect(() => parseLocation(text)).toThrow(
      `source: must be a file, s3://bucket/key or s3://bucket/prefix/: got "${text}"`,
    );
  });
});

describe("the newest below a prefix", () => {
  it("goes by the names, whatever the order and the times of the store", async () => {
    const store = storeOf({
      "etcd/prod-2026-03-02T00:00:00Z.snap.age": day(2),
      "etcd/prod-2026-03-04T00:00:00Z.snap.zst.age": day(4),
      "etcd/prod-2026-03-03T00:00:00Z.snap.age": day(9),
    });
    const source = await open("s3://b/etcd/", store);
    expect(source).toMatchObject({
      name: "s3://b/etcd/prod-2026-03-04T00:00:00Z.snap.zst.age",
      stored: day(4),
    });
  });

  it("goes by the store where the name tells no time, and does not pass over what is unencrypted", async () => {
    const store = storeOf({ "etcd/prod-2026-03-02T00:00:00Z.snap.age": day(2), "etcd/db.snap": day(3) });
    expect((await open("s3://b/etcd/", store)).name).toBe("s3://b/etcd/db.snap");
  });

  it("is the later upload of two within a second", async () => {
    const store = storeOf({
      "etcd/prod-2026-03-02T00:00:00Z.snap.age": day(2),
      "etcd/prod-2026-03-02T00:00:00Z.snap.zst.age": day(3),
    });
    expect((await open("s3://b/etcd/", store)).name).toContain(".snap.zst.age");
  });

  it("is a snapshot by its name", async () => {
    const store = storeOf({ "etcd/a.snap.age": day(1), "etcd/README": day(2), "other/b.snap.age": day(3) });
    expect((await open("s3://b/etcd/", store)).name).toBe("s3://b/etcd/a.snap.age");
    await expect(open("s3://b/none/", store)).rejects.toMatchObject({ reason: "missing" });
  });
});

it("refuses an object that was not sent as a whole", async () => {
  const source = await open("s3://b/a.snap.age", storeOf({}, 2));
  await expect(collect(source.bytes)).rejects.toMatchObject({
    reason: "unreachable",
    message: "was not sent as a whole: 2 of 3 bytes",
  });
});

it("reads a file, and refuses what is none", async () => {
  const directory = mkdtempSync(join(tmpdir(), "source-test-"));
  try {
    const file = join(directory, "a.snap.age");
    writeFileSync(file, "abc");
    const source = await open(file);
    expect(source).toMatchObject({ name: file, size: 3 });
    expect(source.stored).toBeUndefined();
    expect(Buffer.from(await collect(source.bytes)).toString()).toBe("abc");
    await expect(open(directory)).rejects.toMatchObject({ reason: "missing", message: "is no file" });
    await expect(open(join(directory, "gone"))).rejects.toMatchObject({
      reason: "missing",
      message: "cannot be read: ENOENT",
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
