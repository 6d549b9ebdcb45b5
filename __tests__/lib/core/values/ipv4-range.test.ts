import fc from "fast-check";
import { expect, test } from "vitest";
import { Ipv4Address } from "../../../../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../../../../lib/core/values/ipv4-range.ts";

/** Few addresses, so that ranges meet, touch and miss each other often. */
const addresses = fc
  .integer({ min: 0xc0a80000, max: 0xc0a80020 })
  .map((value) => Ipv4Address.fromNumber(value));
const ranges = fc
  .tuple(addresses, addresses)
  .map(([a, b]) => (a.compare(b) <= 0 ? Ipv4Range.between(a, b) : Ipv4Range.between(b, a)));

const members = (range: Ipv4Range): number[] =>
  Array.from({ length: range.size }, (_, index) => range.start.value + index);

test("reads start-stop", () => {
  const range = Ipv4Range.parse("192.168.208.70-192.168.208.79");
  expect(range.size).toBe(10);
  expect(range.toString()).toBe("192.168.208.70-192.168.208.79");
  expect(JSON.stringify(range)).toBe('"192.168.208.70-192.168.208.79"');
});

test("one address is a range", () => {
  expect(Ipv4Range.parse("10.0.0.1-10.0.0.1").size).toBe(1);
});

test("refuses a stop before the start, compared as numbers", () => {
  expect(() => Ipv4Range.parse("10.0.0.10-10.0.0.9")).toThrow(
    "must not stop before it starts: got 10.0.0.10-10.0.0.9",
  );
});

test.each(["", "10.0.0.1", "10.0.0.1-", "10.0.0.1-10.0.0.2-10.0.0.3", "a-b"])("refuses %j", (text) => {
  expect(() => Ipv4Range.parse(text)).toThrow(RangeError);
});

test("membership and overlap are those of the sets of addresses", () => {
  fc.assert(
    fc.property(ranges, ranges, addresses, (a, b, address) => {
      const [ofA, ofB] = [new Set(members(a)), new Set(members(b))];
      expect(a.contains(address)).toBe(ofA.has(address.value));
      expect(a.overlaps(b)).toBe([...ofA].some((value) => ofB.has(value)));
      expect(a.overlaps(b)).toBe(b.overlaps(a));
      expect(a.contains(b)).toBe([...ofB].every((value) => ofA.has(value)));
      expect(a.equals(b)).toBe(a.contains(b) && b.contains(a));
    }),
  );
});
