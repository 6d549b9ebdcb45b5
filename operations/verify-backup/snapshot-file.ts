import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { formOf } from "./bytes.ts";
import { Refusal } from "./refusal.ts";

/** etcd appends the SHA-256 of its database, which is written in whole sectors. */
const HASH = 32;
const SECTOR = 512;

export interface SnapshotFile {
  readonly bytes: number;
  /** SHA-256 of the database, which its last bytes repeat. */
  readonly sha256: string;
}

/**
 * Checks a plain snapshot against the hash at its end. `etcdutl snapshot status` does not: it opens what was cut off
 * or altered as if nothing were wrong.
 *
 * Refused: an empty file; a file that is no database of etcd; one without a hash at its end; one that does not match it.
 */
export const checkSnapshotFile = async (path: string): Promise<SnapshotFile> => {
  const { size } = await stat(path);
  if (size === 0) throw new Refusal("empty", "holds no byte");
  const hash = createHash("sha256");
  let tail = Buffer.alloc(0);
  let head: Buffer | undefined;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    head ??= chunk;
    const held = Buffer.concat([tail, chunk]);
    hash.update(held.subarray(0, Math.max(0, held.length - HASH)));
    tail = held.subarray(Math.max(0, held.length - HASH));
  }
  if (head === undefined || formOf(head) !== "bolt") {
    throw new Refusal("not-a-snapshot", `is no database of etcd: ${size} bytes that start otherwise`);
  }
  if (size % SECTOR !== HASH) {
    throw new Refusal(
      "truncated",
      `ends early: etcd writes whole sectors of ${SECTOR} bytes and a hash of ${HASH}, and these are ${size}`,
    );
  }
  const sha256 = hash.digest("hex");
  if (sha256 !== tail.toString("hex")) {
    throw new Refusal("tampered", "does not match the SHA-256 at its end: it was altered, or cut off");
  }
  return { bytes: size, sha256 };
};
