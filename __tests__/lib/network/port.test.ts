import fc from "fast-check";
import { expect, test } from "vitest";
import { Port } from "../../../lib/network/port.ts";

test("one port, a range and ping, as Cilium writes them", () => {
  expect(Port.tcp(80).toCilium()).toEqual({ port: "80", protocol: "TCP" });
  expect(Port.udp(5000, 5010).toCilium()).toEqual({ port: "5000", endPort: 5010, protocol: "UDP" });
  expect(String(Port.tcp(80))).toBe("80/TCP");
  expect(String(Port.udp(5000, 5010))).toBe("5000-5010/UDP");
});

test("ping is no transport port", () => {
  expect(() => Port.ping().toCilium()).toThrow("port: 8/ICMP goes into icmps, not toPorts");
});

test.each([
  [0, 0],
  [65536, 65536],
  [1.5, 2],
  [80, 79],
  [Number.NaN, 80],
])("refuses %s–%s", (start, end) => {
  expect(() => Port.tcp(start, end)).toThrow(
    `port: must be 1–65535 and not reversed: got TCP ${start}–${end}`,
  );
});

test("every valid range keeps its ends", () => {
  const port = fc.integer({ min: 1, max: 65535 });
  fc.assert(
    fc.property(port, port, (a, b) => {
      const [start, end] = a < b ? [a, b] : [b, a];
      const range = Port.udp(start, end);
      expect([range.start, range.end]).toEqual([start, end]);
    }),
  );
});
