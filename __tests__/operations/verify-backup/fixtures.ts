import { createHash, randomBytes } from "node:crypto";
import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import type { Bytes } from "../../../operations/verify-backup/bytes.ts";
import type { Source } from "../../../operations/verify-backup/source.ts";

export const identity = await generateX25519Identity();
export const stranger = await generateX25519Identity();
export const NOW = new Date("2026-03-01T12:00:00Z");
export const NAME = "prod-2026-03-01T02:00:00Z.snap";

/** Bytes that start as a database of etcd does, with etcd's hash at its end; random, so that nothing compresses away. */
export const snapshotOf = (bytes = 4096): Uint8Array => {
  const database = randomBytes(bytes);
  database.writeUInt32LE(0xed0cdaed, 16);
  return Buffer.concat([database, createHash("sha256").update(database).digest()]);
};

/** A zstd frame of stored blocks: the form, without a compressor. */
export const zstdOf = (content: Uint8Array): Uint8Array => {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 5);
  const parts: Uint8Array[] = [header];
  for (let at = 0; at < content.length; at += 100_000) {
    const block = content.subarray(at, at + 100_000);
    const start = Buffer.alloc(3);
    start.writeUIntLE((block.length << 3) | (at + 100_000 >= content.length ? 1 : 0), 0, 3);
    parts.push(start, block);
  }
  return Buffer.concat(parts);
};

export const encrypt = async (content: Uint8Array, to = identity): Promise<Uint8Array> => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(to));
  return encrypter.encrypt(content);
};

export const streamOf = async function* (content: Uint8Array, chunk = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += chunk) yield content.subarray(at, at + chunk);
};

export const sourceOf = (content: Uint8Array, name = `${NAME}.age`): Source => ({
  name,
  size: content.length,
  bytes: streamOf(content),
});

export const collect = async (bytes: Bytes): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
};

/** With the lowest bit of one byte the other way round. */
export const flipped = (content: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(content);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
