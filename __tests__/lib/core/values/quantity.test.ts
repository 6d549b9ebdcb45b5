import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";

const SUFFIXES = ["", "m", "u", "n", "k", "M", "G", "Ki", "Mi", "Gi"];

const texts = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.constantFrom(...SUFFIXES))
  .map(([number, suffix]) => `${number}${suffix}`);
const quantities = texts.map((text) => Quantity.parse(text));

describe("reads and writes the canonical form", () => {
  test.each([
    ["0", "0"],
    ["4", "4"],
    ["1000m", "1"],
    ["500m", "500m"],
    ["2.5", "2500m"],
    [".5", "500m"],
    ["+1.", "1"],
    ["-250m", "-250m"],
    ["1.5Gi", "1536Mi"],
    ["1024Mi", "1Gi"],
    ["0.5Ki", "512"],
    ["1048577Ki", "1048577Ki"],
    ["1000", "1k"],
    ["100001", "100001"],
    ["1e3", "1k"],
    ["1E3", "1k"],
    ["1E", "1E"],
    ["25e-1", "2500m"],
    ["1500n", "1500n"],
    ["8Ei", undefined],
    ["7Ei", "7Ei"],
  ])("%s", (text, canonical) => {
    if (canonical === undefined) expect(() => Quantity.parse(text)).toThrow("±(2^63 − 1)");
    else expect(Quantity.parse(text).toString()).toBe(canonical);
  });
});

test.each(["", " ", "abc", "1 Gi", "Gi", "1gi", "--1", "1e", "1e999", "1,5", "0x10", "1GiB", ".", "1\n"])(
  "refuses %j",
  (text) => {
    expect(() => Quantity.parse(text)).toThrow(
      `must be a Kubernetes quantity, e.g. 500m or 16Gi: got ${JSON.stringify(text)}`,
    );
    expect(Quantity.isValid(text)).toBe(false);
  },
);

test("refuses what is finer than a nano-unit", () => {
  expect(() => Quantity.parse("0.1n")).toThrow('must not be finer than 1n: got "0.1n"');
});

test("factories", () => {
  expect(Quantity.millicores(2500).toString()).toBe("2500m");
  expect(Quantity.bytes(1536).toString()).toBe("1536");
  expect(Quantity.mebibytes(1536).toString()).toBe("1536Mi");
  expect(Quantity.mebibytes(2048).equals(Quantity.parse("2Gi"))).toBe(true);
  expect(() => Quantity.millicores(0.5)).toThrow(RangeError);
});

test("arithmetic is exact where floating point is not", () => {
  expect(Quantity.parse("100m").plus(Quantity.parse("200m")).toString()).toBe("300m");
  expect(Quantity.parse("0.1").times(3).equals(Quantity.parse("0.3"))).toBe(true);
  expect(Quantity.parse("9007199254740993").minus(Quantity.parse("1")).toString()).toBe("9007199254740992");
});

test("a sum with a binary part is written in binary, whichever comes first", () => {
  const [binary, decimal] = [Quantity.parse("1Gi"), Quantity.parse("1048576")];
  expect(binary.plus(decimal).toString()).toBe("1025Mi");
  expect(decimal.plus(binary).toString()).toBe("1025Mi");
});

test("compares amounts, not spellings", () => {
  expect(Quantity.parse("1").equals(Quantity.parse("1000m"))).toBe(true);
  expect(Quantity.parse("999m").isLessThan(Quantity.parse("1"))).toBe(true);
  expect(Quantity.parse("1Gi").isMoreThan(Quantity.parse("1G"))).toBe(true);
  expect(Quantity.parse("1").minus(Quantity.parse("2")).isNegative).toBe(true);
  expect(Quantity.parse("0Gi").isZero).toBe(true);
});

test("a quantity in JSON is its canonical form", () => {
  expect(JSON.stringify({ memory: Quantity.parse("1.5Gi") })).toBe('{"memory":"1536Mi"}');
});

describe("properties", () => {
  test("the canonical form reads back as the same amount, and is its own canonical form", () => {
    fc.assert(
      fc.property(quantities, (quantity) => {
        const again = Quantity.parse(quantity.toString());
        expect(again.equals(quantity)).toBe(true);
        expect(again.toString()).toBe(quantity.toString());
      }),
    );
  });

  test("addition: order does not matter, subtraction undoes it, a sum is repeated addition", () => {
    fc.assert(
      fc.property(quantities, quantities, quantities, (a, b, c) => {
        expect(a.plus(b).toString()).toBe(b.plus(a).toString());
        expect(
          a
            .plus(b)
            .plus(c)
            .equals(a.plus(b.plus(c))),
        ).toBe(true);
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
        expect(Quantity.sum([a, b, c]).equals(a.plus(b).plus(c))).toBe(true);
        expect(a.plus(a).plus(a).equals(a.times(3))).toBe(true);
      }),
    );
  });

  test("order: total, kept by addition, agrees with numbers", () => {
    fc.assert(
      fc.property(quantities, quantities, quantities, (a, b, c) => {
        expect(a.compare(b)).toBe(-b.compare(a) + 0);
        expect(a.plus(c).compare(b.plus(c))).toBe(a.compare(b));
        if (a.toNumber() < b.toNumber()) expect(a.isLessThan(b)).toBe(true);
      }),
    );
  });
});
