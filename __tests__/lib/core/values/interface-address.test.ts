import { expect, test } from "vitest";
import { InterfaceAddress } from "../../../../lib/core/values/interface-address.ts";

test("is an address and the subnet that it lies in", () => {
  const read = InterfaceAddress.parse("192.168.111.162/24");
  expect([`${read.address}`, `${read.subnet}`, `${read}`]).toEqual([
    "192.168.111.162",
    "192.168.111.0/24",
    "192.168.111.162/24",
  ]);
  expect(JSON.stringify({ read })).toBe('{"read":"192.168.111.162/24"}');
});

test.each(["192.168.111.162", "192.168.111.162/33", "fd00::1/64", ""])("refuses %j", (text) => {
  expect(() => InterfaceAddress.parse(text)).toThrow("must be an IPv4 address with a prefix length");
});
