import ipaddr from "ipaddr.js";

const NOT_A_MACHINE: ReadonlySet<string> = new Set([
  "unspecified",
  "loopback",
  "linkLocal",
  "multicast",
  "broadcast",
]);

/** Nodes, pods, Services and what they talk to have IPv4 alone: said here for every address. */
export const NO_IPV6 =
  "must be IPv4: IPv6 and dual stack are not supported, though Talos and Cilium know both";

/** Tells if a text is meant as an IPv6 address or network, alone, in a list or in a URL. */
export const isMeantAsIpv6 = (text: string): boolean => /:[0-9a-f]*:|\/\/\[/i.test(text);

/** An IPv4 address. Immutable; compared as a number, so `.9` comes before `.10`. */
export class Ipv4Address {
  static readonly BITS = 32;

  /** The address as an unsigned 32-bit number. */
  readonly value: number;

  private constructor(value: number) {
    this.value = value;
  }

  static isValid(text: string): boolean {
    return ipaddr.IPv4.isValidFourPartDecimal(text);
  }

  /** Reads four decimal numbers without leading zeros; throws on anything else. */
  static parse(text: string): Ipv4Address {
    if (!Ipv4Address.isValid(text)) {
      throw new RangeError(`must be an IPv4 address in dotted form: got ${JSON.stringify(text)}`);
    }
    return new Ipv4Address(text.split(".").reduce((value, octet) => value * 256 + Number(octet), 0));
  }

  /** @param value an unsigned 32-bit number */
  static fromNumber(value: number): Ipv4Address {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw new RangeError(`must be an unsigned 32-bit number: got ${value}`);
    }
    return new Ipv4Address(value);
  }

  /** Negative when this address comes first, zero when both are the same. */
  compare(other: Ipv4Address): number {
    return this.value - other.value;
  }

  equals(other: Ipv4Address): boolean {
    return this.value === other.value;
  }

  /** True when one machine can have it: not loopback, link-local, multicast, broadcast or in `0.0.0.0/8`. */
  get isUnicast(): boolean {
    return !NOT_A_MACHINE.has(this.parsed.range());
  }

  /** The address `count` places further; throws outside the IPv4 space. */
  plus(count: number): Ipv4Address {
    return Ipv4Address.fromNumber(this.value + count);
  }

  toString(): string {
    return this.parsed.toString();
  }

  toJSON(): string {
    return this.toString();
  }

  private get parsed(): ipaddr.IPv4 {
    const { value } = this;
    return new ipaddr.IPv4([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
  }
}
