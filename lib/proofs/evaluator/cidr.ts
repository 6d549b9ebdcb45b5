/** Addresses and prefixes, parsed as strictly as Go's `net/netip` does, with its error messages. */
import ipaddr from "ipaddr.js";
import { computedOnce } from "../../core/memo.ts";
import { RejectionError } from "./rejection.ts";

export interface Prefix {
  readonly family: 4 | 6;
  readonly bits: number;
  /** First and last address of the prefix. */
  readonly first: bigint;
  readonly last: bigint;
}

/** The text is not an address or prefix; the message is Go's. */
export class AddressError extends RejectionError {}

const addressError = (text: string, problem: string, at?: string): AddressError =>
  new AddressError(
    `ParseAddr(${JSON.stringify(text)}): ${problem}${at === undefined ? "" : ` (at ${JSON.stringify(at)})`}`,
  );

/** The four octets that stand in `text` from `start` to `end`. */
const parseOctets = (text: string, start: number, end: number): number[] => {
  const octets: number[] = [];
  let octet = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const character = text.charAt(at);
    if (/[0-9]/.test(character)) {
      if (digits === 1 && octet === 0) throw addressError(text, "IPv4 field has octet with leading zero");
      octet = octet * 10 + Number(character);
      digits++;
      if (octet > 255) throw addressError(text, "IPv4 field has value >255");
    } else if (character === ".") {
      if (digits === 0 || at === end - 1) {
        throw addressError(text, "IPv4 field must have at least one digit", text.slice(at));
      }
      if (octets.length === 3) throw addressError(text, "IPv4 address too long");
      octets.push(octet);
      octet = 0;
      digits = 0;
    } else {
      throw addressError(text, "unexpected character", text.slice(at));
    }
  }
  if (octets.length < 3) throw addressError(text, "IPv4 address too short");
  return [...octets, octet];
};

/** The sixteen bytes of an address, which may end with an IPv4 address. A zone is dropped. */
const parseV6 = (text: string): number[] => {
  const percent = text.indexOf("%");
  if (percent === text.length - 1) throw addressError(text, "zone must be a non-empty string");
  const end = percent < 0 ? text.length : percent;
  let rest = text.slice(0, end);
  const bytes: number[] = [];
  let ellipsis = -1;
  if (rest.startsWith("::")) {
    ellipsis = 0;
    rest = rest.slice(2);
  }
  while (rest !== "" && bytes.length < 16) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? "";
    if (digits.length > 4) throw addressError(text, "each group must have 4 or less digits", rest);
    if (digits === "") {
      throw addressError(text, "each colon-separated field must have at least one digit", rest);
    }
    if (rest.charAt(digits.length) === ".") {
      if (ellipsis < 0 && bytes.length !== 12) {
        throw addressError(
          text,
          "embedded IPv4 address must replace the final 2 fields of the address",
          rest,
        );
      }
      if (bytes.length + 4 > 16) {
        throw addressError(
          text,
          "too many hex fields to fit an embedded IPv4 at the end of the address",
          rest,
        );
      }
      bytes.push(...parseOctets(text, end - rest.length, end));
      rest = "";
      break;
    }
    const group = Number.parseInt(digits, 16);
    bytes.push(group >> 8, group & 255);
    rest = rest.slice(digits.length);
    if (rest === "") break;
    if (!rest.startsWith(":")) throw addressError(text, "unexpected character, want colon", rest);
    if (rest === ":") throw addressError(text, "colon must be followed by more characters", rest);
    rest = rest.slice(1);
    if (rest.startsWith(":")) {
      if (ellipsis >= 0) throw addressError(text, "multiple :: in address", rest);
      ellipsis = bytes.length;
      rest = rest.slice(1);
    }
  }
  if (rest !== "") throw addressError(text, "trailing garbage after address", rest);
  if (bytes.length === 16) {
    if (ellipsis >= 0) throw addressError(text, "the :: must expand to at least one field of zeros");
    return bytes;
  }
  if (ellipsis < 0) throw addressError(text, "address string too short");
  return bytes.toSpliced(ellipsis, 0, ...new Array<number>(16 - bytes.length).fill(0));
};

const parseAddress = (text: string): { family: 4 | 6; address: bigint } => {
  const toNumber = (bytes: readonly number[]): bigint =>
    bytes.reduce((sum, value) => sum * 256n + BigInt(value), 0n);
  switch (text.charAt(text.search(/[.:%]/))) {
    case ".":
      return { family: 4, address: toNumber(parseOctets(text, 0, text.length)) };
    case ":":
      return { family: 6, address: toNumber(parseV6(text)) };
    case "%":
      throw addressError(text, "missing IPv6 address");
    default:
      throw addressError(text, "unable to parse IP");
  }
};

const prefixOf = (family: 4 | 6, address: bigint, bits: number): Prefix => {
  const host = (1n << BigInt((family === 4 ? 32 : 128) - bits)) - 1n;
  return { family, bits, first: address & ~host, last: address | host };
};

/** `10.0.0.0/8`. Host bits may be set: they are masked. Throws an AddressError. */
export const parsePrefix = (text: string): Prefix => {
  const fail = (problem: string): never => {
    throw new AddressError(`netip.ParsePrefix(${JSON.stringify(text)}): ${problem}`);
  };
  const slash = text.lastIndexOf("/");
  if (slash < 0) return fail("no '/'");
  const [left, right] = [text.slice(0, slash), text.slice(slash + 1)];
  try {
    const { family, address } = parseAddress(left);
    if (left.includes("%")) return fail("IPv6 zones cannot be present in a prefix");
    if (!/^(0|[1-9][0-9]*)$/.test(right)) return fail(`bad bits after slash: ${JSON.stringify(right)}`);
    if (Number(right) > (family === 4 ? 32 : 128)) return fail("prefix length out of range");
    return prefixOf(family, address, Number(right));
  } catch (error) {
    if (error instanceof AddressError && error.message.startsWith("ParseAddr")) return fail(error.message);
    throw error;
  }
};

/** A prefix, or an address as the prefix that holds only it. Throws the AddressError of the address. */
export const parsePrefixOrAddress = computedOnce((text: string): Prefix => {
  try {
    return parsePrefix(text);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
  }
  const { family, address } = parseAddress(text);
  return prefixOf(family, address, family === 4 ? 32 : 128);
});

/** True when every address of `inner` lies in `outer`. */
export const containsPrefix = (outer: Prefix, inner: Prefix): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** The key of a `cidr` label: `10.0.0.0/8`, with dashes for the colons of IPv6 (`2001-db8--0/32`). */
export const cidrLabelKey = (prefix: Prefix): string => {
  const width = prefix.family === 4 ? 4 : 16;
  const bytes = Array.from({ length: width }, (_, at) =>
    Number((prefix.first >> BigInt(8 * (width - 1 - at))) & 255n),
  );
  const text = ipaddr
    .fromByteArray(bytes)
    .toString()
    .replace(/^:/, "0:")
    .replace(/:$/, ":0")
    .replaceAll(":", "-");
  return `${text}/${prefix.bits}`;
};

/** Reads the key of a `cidr` label back; undefined when it is none. */
export const prefixOfLabelKey = (key: string): Prefix | undefined => {
  try {
    return parsePrefix(key.replaceAll("-", ":"));
  } catch (error) {
    if (error instanceof AddressError) return undefined;
    throw error;
  }
};
