import { computedOnce } from "../memo.ts";
import { Ipv4Address } from "./ipv4-address.ts";
import { Ipv4Range } from "./ipv4-range.ts";

/** From this prefix length on, a subnet has no network and no broadcast address (RFC 3021). */
const POINT_TO_POINT_PREFIX = 31;

const parseCidr = computedOnce((text: string): readonly [Ipv4Address, number] => {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !Ipv4Address.isValid(address) || !/^(\d|[12]\d|3[0-2])$/.test(prefix)) {
    throw new RangeError(
      `must be an IPv4 address with a prefix length, e.g. 192.168.111.0/24: got ${JSON.stringify(text)}`,
    );
  }
  return [Ipv4Address.parse(address), Number(prefix)];
});

/** An IPv4 subnet: the addresses that share their first `prefixLength` bits. Immutable. */
export class Subnet {
  readonly network: Ipv4Address;
  readonly prefixLength: number;

  private constructor(network: Ipv4Address, prefixLength: number) {
    this.network = network;
    this.prefixLength = prefixLength;
  }

  /** Reads `192.168.111.0/24`; throws when a host bit is set. */
  static readonly parse = computedOnce((text: string): Subnet => {
    const subnet = Subnet.around(text);
    if (!subnet.network.equals(Subnet.addressOf(text))) {
      throw new RangeError(
        `must be a subnet, whose host bits are zero, e.g. ${subnet}: got ${JSON.stringify(text)}`,
      );
    }
    return subnet;
  });

  /** The subnet of an interface: `192.168.111.162/24` lies in `192.168.111.0/24`. */
  static around(cidr: string): Subnet {
    const [address, prefixLength] = parseCidr(cidr);
    const size = 2 ** (Ipv4Address.BITS - prefixLength);
    return new Subnet(Ipv4Address.fromNumber(address.value - (address.value % size)), prefixLength);
  }

  /** The address of an interface: that of `192.168.111.162/24` is `192.168.111.162`. */
  static addressOf(cidr: string): Ipv4Address {
    return parseCidr(cidr)[0];
  }

  static isCidr(text: string): boolean {
    try {
      parseCidr(text);
      return true;
    } catch {
      return false;
    }
  }

  /** The number of addresses that it holds, network and broadcast included. */
  get size(): number {
    return 2 ** (Ipv4Address.BITS - this.prefixLength);
  }

  /** The last address. */
  get broadcast(): Ipv4Address {
    return this.network.plus(this.size - 1);
  }

  /** All addresses, network and broadcast included. */
  get range(): Ipv4Range {
    return Ipv4Range.between(this.network, this.broadcast);
  }

  contains(other: Ipv4Address | Ipv4Range | Subnet): boolean {
    return this.range.contains(other instanceof Subnet ? other.range : other);
  }

  /** True when a machine can have this address: it lies inside and names neither the network nor all hosts. */
  isHost(address: Ipv4Address): boolean {
    if (!this.contains(address)) return false;
    if (this.prefixLength >= POINT_TO_POINT_PREFIX) return true;
    return !address.equals(this.network) && !address.equals(this.broadcast);
  }

  overlaps(other: Subnet | Ipv4Range): boolean {
    return this.range.overlaps(other instanceof Subnet ? other.range : other);
  }

  equals(other: Subnet): boolean {
    return this.prefixLength === other.prefixLength && this.network.equals(other.network);
  }

  toString(): string {
    return `${this.network}/${this.prefixLength}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
