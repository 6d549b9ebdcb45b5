import { Decompress } from "fzstd";
import type { Bytes } from "./bytes.ts";
import { Refusal } from "./refusal.ts";

/**
 * Decompresses zstd, as it comes. Its own checksum is not looked at, as etcd's hash covers what comes out.
 *
 * Refused: what ends early, or is no zstd.
 */
export const decompress = async function* (compressed: Bytes): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => out.push(chunk));
  const push = (chunk: Uint8Array, last: boolean): Uint8Array[] => {
    out = [];
    try {
      stream.push(chunk, last);
    } catch (error) {
      const { message } = error as Error;
      throw /unexpected EOF/i.test(message)
        ? new Refusal("truncated", "ends within a frame of zstd")
        : new Refusal("tampered", `is no whole zstd: ${message}`);
    }
    return out;
  };
  // The last chunk must be said to be the last, so each waits for the next.
  let held: Uint8Array | undefined;
  for await (const chunk of compressed) {
    if (held) yield* push(held, false);
    held = chunk;
  }
  yield* push(held ?? new Uint8Array(), true);
};
