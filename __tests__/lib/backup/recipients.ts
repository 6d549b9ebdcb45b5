/** age recipients that nobody has the key of. */
import { bech32 } from "@scure/base";

export const recipientOf = (key: Uint8Array): string => bech32.encode("age", bech32.toWords(key));

export const RECIPIENT = recipientOf(new Uint8Array(32).fill(7));
export const OTHER_RECIPIENT = recipientOf(new Uint8Array(32).fill(8));
