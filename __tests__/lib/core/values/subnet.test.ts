import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Ipv4Address } from "../../../../lib/core/values/ipv4-address.ts";
import { Subnet } from "../../../../lib/core/values/subnet.ts";

const addresses = fc.integer({ min: 0, max: 0xffffffff }).map((value) => Ipv4Address.fromNumber(value));
const prefixLengths = fc.integer({ min: 0, max: 32 });
const subnets = fc
  .tuple(addresses, prefixLengths)
  .map(([address, prefixLength]) => Subnet.around(`${address}/${prefixLength}`));

describe("reads", () => {
  test.each([
    ["192.168.111.0/24", "192.168.111.0", "192.168.111.255", 256],
    ["10.96.0.0/12", "10.96.0.0", "10.111.255.255", 2 ** 20],
    ["0.0.0.0/0", "0.0.0.0", "255.255.255.255", 2 ** 32],
    ["255.255.255.255/32", "255.255.255.255", "255.255.255.255", 1],
  ])("%s", (text, network, broadcast, size) => {
    const subnet = Subnet.parse(text);
    expect(subnet.toString()).toBe(text);
    expect(subnet.network.toString()).toBe(network);
    expect(subnet.broadcast.toString()).toBe(broadcast);
    expect(subnet.size).toBe(size);
    expect(JSON.stringify(subnet)).toBe(JSON.stringify(text));
  });

  test("the subnet and the address of an interface", () => {
    expect(Subnet.around("192.168.111.162/24").toString()).toBe("192.168.111.0/24");
    expect(Subnet.addressOf("192.168.111.162/24").toString()).toBe("192.168.111.162");
  });
});

test.each([
  "",
  "10.0.0.0",
  "10.0.0.0/",
  "10.0.0.0/33",
  "10.0.0.0/08",
  "10.0.0.0/8/8",
  "10.0.0/8",
  "::/0",
  "10.0.0.0/-1",
])("refuses %j", (text) => {
  expect(Subnet.isCidr(text)).toBe(false);
  expect(() => Subnet.parse(text)).toThrow(
    `must be an IPv4 address with a prefix length, e.g. 192.168.111.0/24: got ${JSON.stringify(text)}`,
  );
});

test("refuses host bits, and says what the subnet would be", () => {
  expect(() => Subnet.parse("192.168.111.162/24")).toThrow(
    'must be a subnet, whose host bits are zero, e.g. 192.168.111.0/24: got "192.168.111.162/24"',
  );
});

test("a machine takes neither the network nor the broadcast address, save on a point-to-point link", () => {
  const isHost = (cidr: string, address: string) => Subnet.parse(cidr).isHost(Ipv4Address.parse(address));
  expect(isHost("192.168.111.0/24", "192.168.111.1")).toBe(true);
  expect(isHost("192.168.111.0/24", "192.168.111.0")).toBe(false);
  expect(isHost("192.168.111.0/24", "192.168.111.255")).toBe(false);
  expect(isHost("192.168.111.0/24", "192.168.112.1")).toBe(false);
  expect(isHost("192.168.111.0/31", "192.168.111.0")).toBe(true);
  expect(isHost("192.168.111.0/31", "192.168.111.1")).toBe(true);
  expect(isHost("192.168.111.7/32", "192.168.111.7")).toBe(true);
});

describe("properties", () => {
  test("text reads back as the same subnet", () => {
    fc.assert(
      fc.property(subnets, (subnet) => {
        expect(Subnet.parse(subnet.toString()).equals(subnet)).toBe(true);
      }),
    );
  });

  test("an address lies in a subnet when their first bits agree", () => {
    fc.assert(
      fc.property(subnets, addresses, (subnet, address) => {
        const shift = BigInt(32 - subnet.prefixLength);
        const same = BigInt(address.value) >> shift === BigInt(subnet.network.value) >> shift;
        expect(subnet.contains(address)).toBe(same);
        expect(subnet.range.contains(address)).toBe(same);
      }),
    );
  });

  test("two subnets overlap exactly when one contains the other", () => {
    fc.assert(
      fc.property(subnets, prefixLengths, addresses, (a, prefixLength, anywhere) => {
        for (const base of [a.network, anywhere]) {
          const b = Subnet.around(`${base}/${prefixLength}`);
          expect(a.overlaps(b)).toBe(a.contains(b) || b.contains(a));
          expect(a.overlaps(b)).toBe(b.overlaps(a));
          expect(a.overlaps(b.range)).toBe(a.overlaps(b));
        }
      }),
    );
  });
});
