import { Ipv4Address } from "./ipv4-address.ts";

/** An inclusive range of IPv4 addresses. Immutable, never empty. */
export class Ipv4Range {
  readonly start: Ipv4Address;
  readonly stop: Ipv4Address;

  private constructor(start: Ipv4Address, stop: Ipv4Address) {
    this.start = start;
    this.stop = stop;
  }

  /** Throws when `stop` comes before `start`. */
  static between(start: Ipv4Address, stop: Ipv4Address): Ipv4Range {
    if (start.compare(stop) > 0) {
      throw new RangeError(`must not stop before it starts: got ${start}-${stop}`);
    }
    return new Ipv4Range(start, stop);
  }

  /** Reads `start-stop`, e.g. `192.168.208.70-192.168.208.79`. */
  static parse(text: string): Ipv4Range {
    const [start, stop, ...rest] = text.split("-");
    if (start === undefined || stop === undefined || rest.length > 0) {
      throw new RangeError(`must be two IPv4 addresses joined by a dash: got ${JSON.stringify(text)}`);
    }
    return Ipv4Range.between(Ipv4Address.parse(start), Ipv4Address.parse(stop));
  }

  /** The number of addresses that it holds. */
  get size(): number {
    return this.stop.value - this.start.value + 1;
  }

  contains(other: Ipv4Address | Ipv4Range): boolean {
    const [start, stop] = other instanceof Ipv4Range ? [other.start, other.stop] : [other, other];
    return this.start.compare(start) <= 0 && this.stop.compare(stop) >= 0;
  }

  overlaps(other: Ipv4Range): boolean {
    return this.start.compare(other.stop) <= 0 && other.start.compare(this.stop) <= 0;
  }

  equals(other: Ipv4Range): boolean {
    return this.start.equals(other.start) && this.stop.equals(other.stop);
  }

  toString(): string {
    return `${this.start}-${this.stop}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
