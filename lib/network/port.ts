/** A destination port, a range of them, or an ICMP type: what an allowance opens. */
export class Port {
  private constructor(
    readonly protocol: "TCP" | "UDP" | "SCTP" | "ICMP",
    /** First port, or the ICMP type. */
    readonly start: number,
    /** Last port, inclusive; equals `start` for a single one. */
    readonly end: number,
  ) {}

  /** One TCP port, or a range when `end` is given. Refused: outside 1–65535, or a reversed range. */
  static tcp(start: number, end: number = start): Port {
    return Port.transport("TCP", start, end);
  }

  /** One UDP port, or a range when `end` is given. Refused: outside 1–65535, or a reversed range. */
  static udp(start: number, end: number = start): Port {
    return Port.transport("UDP", start, end);
  }

  /** ICMP echo request (type 8), over IPv4. */
  static ping(): Port {
    return new Port("ICMP", 8, 8);
  }

  private static transport(protocol: "TCP" | "UDP", start: number, end: number): Port {
    const valid = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65535;
    if (!valid(start) || !valid(end) || end < start)
      throw new Error(`port: must be 1–65535 and not reversed: got ${protocol} ${start}–${end}`);
    return new Port(protocol, start, end);
  }

  toString(): string {
    return `${this.start === this.end ? this.start : `${this.start}-${this.end}`}/${this.protocol}`;
  }

  /** The port as an item of `toPorts[].ports` of a Cilium policy. Cilium reads a range from `port` to `endPort`. */
  toCilium(): { port: string; endPort?: number; protocol: "TCP" | "UDP" | "SCTP" } {
    if (this.protocol === "ICMP") throw new Error(`port: ${this} goes into icmps, not toPorts`);
    return {
      port: String(this.start),
      ...(this.end !== this.start && { endPort: this.end }),
      protocol: this.protocol,
    };
  }
}
