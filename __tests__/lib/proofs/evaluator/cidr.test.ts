import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cidrLabelKey,
  containsPrefix,
  parsePrefix,
  parsePrefixOrAddress,
  prefixOfLabelKey,
} from "../../../../lib/proofs/evaluator/cidr.ts";

const key = (text: string): string => cidrLabelKey(parsePrefixOrAddress(text));

describe("prefixes", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["10.1.2.3", "10.1.2.3/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8::1/32", "2001-db8--0/32"],
    ["::/0", "0--0/0"],
    ["::1", "0--1/128"],
    ["1:2:3:4:5:6:1.2.3.4", "1-2-3-4-5-6-102-304/128"],
  ])("%s has the label key %s", (text, expected) => {
    expect(key(text)).toBe(expected);
  });

  test.each([
    ["10.0.0.0/8", "10.255.0.0/16", true],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.0/8", "10.0.0.0/7", false],
    ["10.0.0.0/8", "11.0.0.0/8", false],
    ["::/0", "2001:db8::/32", true],
    ["::/0", "10.0.0.0/8", false],
    ["0.0.0.0/0", "::/0", false],
  ])("%s contains %s: %s", (outer, inner, expected) => {
    expect(containsPrefix(parsePrefix(outer), parsePrefix(inner))).toBe(expected);
  });

  test("a label key stands for its prefix", () => {
    const prefix = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(prefix, ([address, bits]) => {
        const parsed = parsePrefix(`${address}/${bits}`);
        expect(prefixOfLabelKey(cidrLabelKey(parsed))).toEqual(parsed);
        expect(containsPrefix(parsed, parsePrefixOrAddress(address))).toBe(true);
      }),
    );
  });
});

describe("refusals in the words of Go", () => {
  test.each([
    ["example.com", 'ParseAddr("example.com"): unexpected character (at "example.com")'],
    ["10.0.0.0/33", 'ParseAddr("10.0.0.0/33"): unexpected character (at "/33")'],
    ["01.2.3.4", 'ParseAddr("01.2.3.4"): IPv4 field has octet with leading zero'],
    ["1.2.3.256", 'ParseAddr("1.2.3.256"): IPv4 field has value >255'],
    ["1.2.3", 'ParseAddr("1.2.3"): IPv4 address too short'],
    ["1.2.3.4.5", 'ParseAddr("1.2.3.4.5"): IPv4 address too long'],
    ["1..2.3", 'ParseAddr("1..2.3"): IPv4 field must have at least one digit (at ".2.3")'],
    ["1::2::3", 'ParseAddr("1::2::3"): multiple :: in address (at ":3")'],
    ["12345::", 'ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")'],
    ["1:2:3:4:5:6:7", 'ParseAddr("1:2:3:4:5:6:7"): address string too short'],
    ["::1.2.3.04", 'ParseAddr("::1.2.3.04"): IPv4 field has octet with leading zero'],
    ["abc", 'ParseAddr("abc"): unable to parse IP'],
  ])("%s", (text, message) => {
    expect(() => parsePrefixOrAddress(text)).toThrow(message);
  });

  test.each([
    ["10.0.0.1", "netip.ParsePrefix(\"10.0.0.1\"): no '/'"],
    ["10.0.0.0/33", 'netip.ParsePrefix("10.0.0.0/33"): prefix length out of range'],
    ["10.0.0.0/08", 'netip.ParsePrefix("10.0.0.0/08"): bad bits after slash: "08"'],
    ["fe80::1%eth0/64", 'netip.ParsePrefix("fe80::1%eth0/64"): IPv6 zones cannot be present in a prefix'],
  ])("%s as a prefix", (text, message) => {
    expect(() => parsePrefix(text)).toThrow(message);
  });
});
