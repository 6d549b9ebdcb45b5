import { expect, it } from "vitest";
import { decompress } from "../../../operations/verify-backup/decompress.ts";
import { collect, snapshotOf, streamOf, zstdOf } from "./fixtures.ts";

const plain = snapshotOf(300_000 - (300_000 % 512));
const compressed = zstdOf(plain);

it.each([1, 1_000, 1_000_000])("gives back what was compressed, in chunks of %i bytes", async (chunk) => {
  const small = snapshotOf(512);
  const [content, frame] = chunk === 1 ? [small, zstdOf(small)] : [plain, compressed];
  expect(Buffer.from(await collect(decompress(streamOf(frame, chunk)))).equals(content)).toBe(true);
});

it.each([4, 12, 50_000, compressed.length - 1])("refuses what ends after %i bytes", async (length) => {
  await expect(collect(decompress(streamOf(compressed.subarray(0, length))))).rejects.toMatchObject({
    reason: "truncated",
  });
});

it("refuses what is no zstd", async () => {
  await expect(collect(decompress(streamOf(Buffer.alloc(100, 7))))).rejects.toMatchObject({
    reason: "tampered",
  });
});
