/** Streams of bytes. */

export type Bytes = AsyncIterable<Uint8Array>;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** The form of a file, told by its first bytes. */
type Form = "age" | "armored age" | "zstd" | "bolt" | "unknown";

/** Enough to tell a form. */
const HEAD = 64;
/** Offset of the magic number in a bolt page, the form of an etcd snapshot. */
const BOLT_MAGIC_AT = 16;
const BOLT_MAGIC = 0xed0cdaed;

export const formOf = (head: Uint8Array): Form => {
  const text = textOf(head);
  if (text.startsWith("age-encryption.org/v1\n")) return "age";
  if (text.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) return "armored age";
  if (text.startsWith("\x28\xb5\x2f\xfd")) return "zstd";
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isBolt = head.length >= BOLT_MAGIC_AT + 4 && view.getUint32(BOLT_MAGIC_AT, true) === BOLT_MAGIC;
  return isBolt ? "bolt" : "unknown";
};

/** The form of a stream, and the stream from its start. */
export const peek = async (bytes: Bytes): Promise<{ readonly form: Form; readonly bytes: Bytes }> => {
  const iterator = bytes[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD) {
    const { done, value } = await iterator.next();
    if (done) break;
    seen.push(value);
    length += value.length;
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield* seen;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { form: formOf(Buffer.concat(seen)), bytes: whole() };
};

/** Splits bytes into pieces of at most `size`. */
export const inPieces = async function* (bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
  }
};
