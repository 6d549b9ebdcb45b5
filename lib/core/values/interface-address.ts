import type { Ipv4Address } from "./ipv4-address.ts";
import { Subnet } from "./subnet.ts";

/** The address of a network interface, with the subnet that it lies in: `192.168.111.162/24`. Immutable. */
export class InterfaceAddress {
  readonly address: Ipv4Address;
  readonly subnet: Subnet;

  private constructor(address: Ipv4Address, subnet: Subnet) {
    this.address = address;
    this.subnet = subnet;
  }

  /** Throws on what is no address with a prefix length. */
  static parse(text: string): InterfaceAddress {
    return new InterfaceAddress(Subnet.addressOf(text), Subnet.around(text));
  }

  toString(): string {
    return `${this.address}/${this.subnet.prefixLength}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
