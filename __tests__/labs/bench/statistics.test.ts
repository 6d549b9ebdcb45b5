import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { growthExponent, median, worstGrowth } from "../../../labs/bench/statistics.ts";

const SIZES = [10, 30, 100, 300, 1000];
const samples = (seconds: (size: number) => number) =>
  SIZES.map((size) => ({ size, seconds: seconds(size) }));

describe("median", () => {
  test.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[4, 1, 3, 100], 3.5],
    [[10, 9, 100], 10],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test("leaves its input alone", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test("of nothing is refused", () => {
    expect(() => median([])).toThrow("must have a value");
  });
});

describe("growthExponent", () => {
  test("is the exponent of a power law, whatever its factor", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 3, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
        (exponent, factor) => {
          expect(growthExponent(samples((size) => factor * size ** exponent))).toBeCloseTo(exponent, 6);
        },
      ),
    );
  });

  test("evens out noise", () => {
    const noise = [1.05, 0.95, 1, 0.95, 1.05];
    expect(growthExponent(samples((size) => size * (noise[SIZES.indexOf(size)] ?? 1)))).toBeCloseTo(1, 1);
  });

  test.each([
    [
      "one size",
      [
        { size: 10, seconds: 1 },
        { size: 10, seconds: 2 },
      ],
      "two different sizes",
    ],
    ["nothing", [], "two different sizes"],
    [
      "a time of zero",
      [
        { size: 1, seconds: 0 },
        { size: 2, seconds: 1 },
      ],
      "must be positive",
    ],
    [
      "a time that is no number",
      [
        { size: 1, seconds: Number.NaN },
        { size: 2, seconds: 1 },
      ],
      "must be positive",
    ],
    [
      "a size of zero",
      [
        { size: 0, seconds: 1 },
        { size: 2, seconds: 1 },
      ],
      "must be positive",
    ],
  ])("refuses %s", (_, input, message) => {
    expect(() => growthExponent(input)).toThrow(message);
  });
});

describe("worstGrowth", () => {
  test("a fixed cost does not hide a square", () => {
    const measured = samples((size) => 1 + (size / 200) ** 2);
    expect(growthExponent(measured)).toBeLessThan(1.1);
    expect(worstGrowth(measured)).toBeGreaterThan(1.1);
  });

  test("of a straight line is 1", () => {
    expect(worstGrowth(samples((size) => size / 1000))).toBeCloseTo(1, 6);
  });

  test("small sizes count too", () => {
    const measured = samples((size) => (size < 100 ? (size / 100) ** 3 : 1));
    expect(worstGrowth(measured)).toBe(growthExponent(measured));
  });
});
