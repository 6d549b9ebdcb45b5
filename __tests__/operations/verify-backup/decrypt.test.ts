import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../../operations/verify-backup/bytes.ts";
import { decrypt } from "../../../operations/verify-backup/decrypt.ts";
import { collect, encrypt, flipped, identity, snapshotOf, stranger, streamOf } from "./fixtures.ts";

const PIECE = 65_536 + 16;
const plain = snapshotOf(3 * 65_536);
const encrypted = await encrypt(plain);
const payload = encrypted.length - (plain.length + 4 * 16);

const decrypted = (bytes: Bytes, key = identity) => collect(decrypt(bytes, [key]));
const reason = async (content: Uint8Array, chunk?: number): Promise<string> => {
  try {
    await decrypted(streamOf(content, chunk));
    return "none";
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
};

it("gives back what was encrypted, however it is cut into chunks", async () => {
  for (const chunk of [999, 65_552, 1_000_000]) {
    expect(Buffer.from(await decrypted(streamOf(encrypted, chunk))).equals(plain)).toBe(true);
  }
});

it("takes the one identity of several that fits", async () => {
  expect(await collect(decrypt(streamOf(encrypted), [stranger, identity]))).toHaveLength(plain.length);
});

it("refuses a file for others", async () => {
  await expect(decrypted(streamOf(encrypted), stranger)).rejects.toMatchObject({
    reason: "wrong-key",
    message: "is encrypted to other recipients than the identity at hand, or altered where it names them",
  });
});

describe("a file that was cut off", () => {
  it.each([1, 30, 100, 180])("within its header, after %i bytes", async (length) => {
    expect(await reason(encrypted.subarray(0, length))).toBe("truncated");
  });

  it("between two pieces", async () => {
    expect(await reason(encrypted.subarray(0, payload + 2 * PIECE))).toBe("truncated");
  });

  it("within a tag", async () => {
    expect(await reason(encrypted.subarray(0, payload + PIECE + 7))).toBe("truncated");
  });

  it("within a piece, which may as well have been altered", async () => {
    await expect(decrypted(streamOf(encrypted.subarray(0, payload + PIECE + 1000)))).rejects.toMatchObject({
      reason: "damaged",
      message: expect.stringMatching(/^was cut off after \d+ bytes, or altered in the last 1000 of them/),
    });
  });

  it("anywhere at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(encrypted.length - 1), async (length) => {
        expect(["truncated", "damaged"]).toContain(await reason(encrypted.subarray(0, length)));
      }),
      { numRuns: 40 },
    );
  });
});

describe("a file that was altered", () => {
  it("before its last piece", async () => {
    for (const chunk of [5_000, 200_000]) {
      expect(await reason(flipped(encrypted, payload + PIECE + 5), chunk)).toBe("tampered");
    }
  });

  it("in the header's own authentication", async () => {
    expect(await reason(flipped(encrypted, Buffer.from(encrypted).indexOf("\n--- ") + 8))).toBe("tampered");
  });

  it("anywhere at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(encrypted.length - 1), async (at) => {
        expect(["tampered", "damaged", "wrong-key", "truncated"]).toContain(
          await reason(flipped(encrypted, at)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("by more behind its end", async () => {
    expect(await reason(Buffer.concat([encrypted, Buffer.alloc(10)]))).toBe("damaged");
  });
});

it("passes on why the source failed", async () => {
  const failing = async function* (): Bytes & AsyncGenerator<Uint8Array> {
    yield encrypted.subarray(0, 1000);
    throw new Error("connection lost");
  };
  await expect(decrypted(failing())).rejects.toThrow("connection lost");
});
