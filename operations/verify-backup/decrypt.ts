import { ReadableStream } from "node:stream/web";
import { Decrypter } from "age-encryption";
import { type Bytes, inPieces } from "./bytes.ts";
import { Refusal } from "./refusal.ts";

/** age encrypts a file in pieces of 64 KiB, each with a tag of 16 bytes; the last is marked as the last. */
const PIECE = 64 * 1024;
const TAG = 16;
/** A header has a few stanzas; none is longer. */
const LONGEST_HEADER = 64 * 1024;
const HEADER = /\n--- [\w+/]{43}\n/;

/**
 * Decrypts an age file. Whatever comes out is authentic, but only its end tells that it is whole.
 *
 * Refused: a file that is encrypted to others; one that ends early; one that was altered. An altered last piece looks
 * like a file that was cut off in the middle of it, and is called `damaged`.
 */
export const decrypt = async function* (
  encrypted: Bytes,
  identities: readonly string[],
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);

  let size = 0;
  let head = "";
  let sourceFailure: unknown;
  let sizeOf: ((encryptedSize: number) => number) | undefined;
  let decrypted = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    try {
      // Small enough that no piece is decrypted ahead of one that fails.
      for await (const chunk of inPieces(encrypted, PIECE)) {
        size += chunk.length;
        if (head.length < LONGEST_HEADER) head += Buffer.from(chunk).toString("latin1");
        yield chunk;
      }
    } catch (error) {
      sourceFailure = error;
      throw error;
    }
  };
  const source = counted();
  try {
    const plain = await decrypter.decrypt(ReadableStream.from(withoutReturn(source)));
    sizeOf = plain.size.bind(plain);
    for await (const chunk of plain as Bytes) {
      decrypted += chunk.length;
      yield chunk;
    }
  } catch (error) {
    for await (const _ of source);
    throw sourceFailure ?? reasonOf(error as Error, { head, size, decrypted, sizeOf });
  }
};

/** A consumer that fails does not end the source, which is read on to know how long the file is. */
const withoutReturn = (source: AsyncGenerator<Uint8Array>): Bytes => ({
  [Symbol.asyncIterator]: () => ({ next: () => source.next() }),
});

interface Progress {
  /** The file's start, with its header unless it is odd. */
  readonly head: string;
  readonly size: number;
  readonly decrypted: number;
  /** Undefined until the header was read. */
  readonly sizeOf: ((encryptedSize: number) => number) | undefined;
}

const reasonOf = ({ message }: Error, { head, size, decrypted, sizeOf }: Progress): Refusal => {
  if (message.startsWith("no identity matched")) {
    return new Refusal(
      "wrong-key",
      "is encrypted to other recipients than the identity at hand, or altered where it names them",
    );
  }
  const headerCut = size < LONGEST_HEADER && !HEADER.test(head);
  if (message.startsWith("stream ended before") || (sizeOf === undefined && headerCut)) {
    return new Refusal("truncated", `ends within the header of age, after ${size} bytes`);
  }
  if (sizeOf === undefined) {
    return new Refusal("tampered", `was altered in the header of age: ${message}`);
  }
  const plainSize = sizeIfWhole(sizeOf, size);
  if (plainSize === undefined) {
    return new Refusal("truncated", `ends within a tag of age, after ${size} bytes`);
  }
  const lastPiece = Math.max(0, Math.ceil(plainSize / PIECE) - 1) * PIECE;
  if (decrypted < lastPiece) {
    return new Refusal(
      "tampered",
      `was altered: cannot be authenticated after ${decrypted} bytes of its content`,
    );
  }
  const rest = plainSize - lastPiece;
  return rest === PIECE
    ? new Refusal("truncated", `ends early, between two pieces of age, after ${size} bytes`)
    : new Refusal(
        "damaged",
        `was cut off after ${size} bytes, or altered in the last ${rest + TAG} of them: they cannot be authenticated`,
      );
};

const sizeIfWhole = (sizeOf: (size: number) => number, size: number): number | undefined => {
  try {
    return sizeOf(size);
  } catch {
    return undefined;
  }
};
