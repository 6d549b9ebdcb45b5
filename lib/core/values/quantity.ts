import { computedOnce } from "../memo.ts";

/** Powers of ten, in nano-units. */
const DECIMAL_SUFFIXES: readonly (readonly [suffix: string, nanos: bigint])[] = [
  ["E", 10n ** 27n],
  ["P", 10n ** 24n],
  ["T", 10n ** 21n],
  ["G", 10n ** 18n],
  ["M", 10n ** 15n],
  ["k", 10n ** 12n],
  ["", 10n ** 9n],
  ["m", 10n ** 6n],
  ["u", 10n ** 3n],
  ["n", 1n],
];

/** Powers of 1024, in nano-units. */
const BINARY_SUFFIXES: readonly (readonly [suffix: string, nanos: bigint])[] = [
  ["Ei", 1024n ** 6n * 10n ** 9n],
  ["Pi", 1024n ** 5n * 10n ** 9n],
  ["Ti", 1024n ** 4n * 10n ** 9n],
  ["Gi", 1024n ** 3n * 10n ** 9n],
  ["Mi", 1024n ** 2n * 10n ** 9n],
  ["Ki", 1024n * 10n ** 9n],
];

const UNIT = 10n ** 9n;
const MILLI = 10n ** 6n;
const LIMIT = (2n ** 63n - 1n) * UNIT;
const FORM = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;

type Notation = "binary" | "decimal";

const nanosOf = (suffix: string): bigint =>
  [...DECIMAL_SUFFIXES, ...BINARY_SUFFIXES].find(([name]) => name === suffix)?.[1] ?? UNIT;

/**
 * A Kubernetes resource quantity: cores of CPU, bytes of memory, counts. Immutable, with exact arithmetic.
 *
 * Reads every form that Kubernetes reads (`4`, `500m`, `1.5Gi`, `2e3`) and writes the canonical one: no
 * fraction, the largest suffix that loses nothing (`1.5Gi` is `1536Mi`, `1000m` is `1`).
 *
 * Refused: anything finer than a nano-unit (Kubernetes rounds it up), anything beyond ±(2^63 − 1).
 *
 * Source: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity
 */
export class Quantity {
  static readonly ZERO = new Quantity(0n, "decimal");

  private readonly nanos: bigint;
  private readonly notation: Notation;

  private constructor(nanos: bigint, notation: Notation) {
    if (nanos > LIMIT || nanos < -LIMIT) {
      throw new RangeError("must lie within ±(2^63 − 1): got a larger Kubernetes quantity");
    }
    this.nanos = nanos;
    this.notation = notation;
  }

  /** Throws on what is not a quantity. */
  static readonly parse = computedOnce((text: string): Quantity => {
    const [, sign, number = "", suffix = "", exponent = "0"] = FORM.exec(text) ?? [];
    if (sign === undefined) {
      throw new RangeError(`must be a Kubernetes quantity, e.g. 500m or 16Gi: got ${JSON.stringify(text)}`);
    }
    const [whole = "", fraction = ""] = number.split(".");
    const power = Number(exponent) - fraction.length;
    const scaled = BigInt(whole + fraction) * nanosOf(suffix) * (power > 0 ? 10n ** BigInt(power) : 1n);
    const divisor = power < 0 ? 10n ** BigInt(-power) : 1n;
    if (scaled % divisor !== 0n) {
      throw new RangeError(`must not be finer than 1n: got ${JSON.stringify(text)}`);
    }
    const nanos = scaled / divisor;
    return new Quantity(sign === "-" ? -nanos : nanos, suffix.endsWith("i") ? "binary" : "decimal");
  });

  static isValid(text: string): boolean {
    if (!FORM.test(text)) return false;
    try {
      Quantity.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  /** @param count whole thousandths of a core */
  static millicores(count: number): Quantity {
    return new Quantity(BigInt(count) * MILLI, "decimal");
  }

  /** @param count whole bytes */
  static bytes(count: number): Quantity {
    return new Quantity(BigInt(count) * UNIT, "binary");
  }

  /** @param count whole units of 1024 × 1024 bytes */
  static mebibytes(count: number): Quantity {
    return new Quantity(BigInt(count) * 1024n ** 2n * UNIT, "binary");
  }

  /** The sum; zero for none. */
  static sum(quantities: Iterable<Quantity>): Quantity {
    return [...quantities].reduce((total, quantity) => total.plus(quantity), Quantity.ZERO);
  }

  plus(other: Quantity): Quantity {
    return new Quantity(this.nanos + other.nanos, this.notationWith(other));
  }

  /** May be negative: what is missing. */
  minus(other: Quantity): Quantity {
    return new Quantity(this.nanos - other.nanos, this.notationWith(other));
  }

  /** @param count a whole number */
  times(count: number): Quantity {
    return new Quantity(this.nanos * BigInt(count), this.notation);
  }

  /** Negative when this is less, zero when both are the same amount, however written. */
  compare(other: Quantity): number {
    return this.nanos === other.nanos ? 0 : this.nanos < other.nanos ? -1 : 1;
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0;
  }

  isLessThan(other: Quantity): boolean {
    return this.compare(other) < 0;
  }

  isMoreThan(other: Quantity): boolean {
    return this.compare(other) > 0;
  }

  get isZero(): boolean {
    return this.nanos === 0n;
  }

  get isNegative(): boolean {
    return this.nanos < 0n;
  }

  /** The amount in cores, bytes or counts, as the nearest floating-point number: for display and ratios only. */
  toNumber(): number {
    return Number(this.nanos) / Number(UNIT);
  }

  /** The canonical form: `1536Mi`, `2500m`. */
  toString(): string {
    const suffixes =
      this.notation === "binary" ? [...BINARY_SUFFIXES, ...DECIMAL_SUFFIXES.slice(-4)] : DECIMAL_SUFFIXES;
    if (this.nanos === 0n) return "0";
    for (const [suffix, nanos] of suffixes) {
      if (this.nanos % nanos === 0n) return `${this.nanos / nanos}${suffix}`;
    }
    throw new Error("unreachable: every quantity is a whole number of nano-units");
  }

  toJSON(): string {
    return this.toString();
  }

  private notationWith(other: Quantity): Notation {
    return this.notation === "binary" || other.notation === "binary" ? "binary" : "decimal";
  }
}
