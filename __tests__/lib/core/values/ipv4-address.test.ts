import fc from "fast-check";
import { expect, test } from "vitest";
import { Ipv4Address } from "../../../../lib/core/values/ipv4-address.ts";

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

test.each([
  "",
  "1.2.3",
  "1.2.3.4.5",
  "256.0.0.1",
  "01.2.3.4",
  "1.2.3.4/24",
  "0x7f.0.0.1",
  "::1",
  "a.b.c.d",
  " 1.2.3.4",
  "-1.2.3.4",
])("refuses %j", (text) => {
  expect(Ipv4Address.isValid(text)).toBe(false);
  expect(() => Ipv4Address.parse(text)).toThrow(
    `must be an IPv4 address in dotted form: got ${JSON.stringify(text)}`,
  );
});

test.each([-1, 2 ** 32, 0.5, Number.NaN])("refuses the number %d", (value) => {
  expect(() => Ipv4Address.fromNumber(value)).toThrow(`must be an unsigned 32-bit number: got ${value}`);
});

test("compares as a number, not as text", () => {
  expect(Ipv4Address.parse("192.168.1.9").compare(Ipv4Address.parse("192.168.1.10"))).toBeLessThan(0);
  expect(Ipv4Address.parse("9.0.0.0").compare(Ipv4Address.parse("10.0.0.0"))).toBeLessThan(0);
});

test("steps across octets, not out of the space", () => {
  expect(Ipv4Address.parse("192.168.1.255").plus(1).toString()).toBe("192.168.2.0");
  expect(() => Ipv4Address.parse("255.255.255.255").plus(1)).toThrow(RangeError);
});

test.each([
  ["192.168.111.162", true],
  ["10.0.0.1", true],
  ["100.64.0.1", true],
  ["192.0.2.1", true],
  ["1.1.1.1", true],
  ["0.0.0.0", false],
  ["0.1.2.3", false],
  ["127.0.0.1", false],
  ["169.254.116.108", false],
  ["224.0.0.1", false],
  ["239.255.255.255", false],
  ["255.255.255.255", false],
])("one machine can have %s: %s", (text, expected) => {
  expect(Ipv4Address.parse(text).isUnicast).toBe(expected);
});

test("text and number read back as the same address", () => {
  fc.assert(
    fc.property(octets, (parts) => {
      const address = Ipv4Address.parse(parts.join("."));
      expect(address.toString()).toBe(parts.join("."));
      expect(Ipv4Address.fromNumber(address.value).equals(address)).toBe(true);
      expect(JSON.stringify(address)).toBe(`"${address}"`);
    }),
  );
});
