import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  displayPort,
  icmpType,
  isServiceName,
  matchesPort,
  namedPort,
  parsePortNumber,
  portRange,
} from "../../../../lib/proofs/evaluator/ports.ts";

const noNames = () => undefined;

describe("numbers", () => {
  test.each([
    ["80", 80],
    ["0", 0],
    ["65535", 65535],
    ["010", 8],
    ["1_000", 1000],
  ])("%s is %i", (text, number) => {
    expect(parsePortNumber(text)).toBe(number);
  });

  test.each([
    ["65536", "value out of range"],
    ["-1", "invalid syntax"],
    ["08", "invalid syntax"],
    ["80 ", "invalid syntax"],
    ["", "invalid syntax"],
  ])("%s is refused", (text, problem) => {
    expect(() => parsePortNumber(text)).toThrow(
      `unable to parse port: strconv.ParseUint: parsing "${text}": ${problem}`,
    );
  });

  test.each([
    ["http", true],
    ["0x50", true],
    ["a-b", true],
    ["a--b", false],
    ["-a", false],
    ["80", false],
    ["1234567890123456", false],
  ])("%s is a name: %s", (text, expected) => {
    expect(isServiceName(text)).toBe(expected);
  });
});

describe("ranges", () => {
  const covers = (port: number, endPort: number, flowPort: number): boolean =>
    matchesPort(portRange("TCP", port, endPort), "TCP", flowPort, noNames);

  test("cover what lies between their ends", () => {
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(port, port, port, (first, last, flowPort) => {
        expect(covers(first, last, flowPort)).toBe(
          flowPort === first || (first <= flowPort && flowPort <= last),
        );
      }),
    );
  });

  test("port 0 covers every port, with an end only those up to it", () => {
    expect([1, 65535].map((port) => covers(0, 0, port))).toEqual([true, true]);
    expect([1, 100, 101].map((port) => covers(0, 100, port))).toEqual([true, true, false]);
  });

  test("an end of more than sixteen bits keeps its low ones", () => {
    expect(covers(80, 65536, 81)).toBe(false);
    expect(covers(80, 70000, 4464)).toBe(true);
    expect(covers(80, 70000, 4465)).toBe(false);
  });

  test("ANY is TCP, UDP and SCTP, not ICMP", () => {
    const match = portRange("ANY", 0, 0);
    expect(
      (["TCP", "UDP", "SCTP", "ICMP", "ICMPv6"] as const).map((protocol) =>
        matchesPort(match, protocol, 8, noNames),
      ),
    ).toEqual([true, true, true, false, false]);
  });
});

describe("names and types", () => {
  test("a name stands for its number, and an end makes it a range", () => {
    const names = (name: string, protocol: string) =>
      name === "http" && protocol === "TCP" ? 8080 : undefined;
    expect(matchesPort(namedPort("ANY", "HTTP", 0), "TCP", 8080, names)).toBe(true);
    expect(matchesPort(namedPort("ANY", "http", 0), "UDP", 8080, names)).toBe(false);
    expect(matchesPort(namedPort("TCP", "http", 8090), "TCP", 8085, names)).toBe(true);
    expect(matchesPort(namedPort("TCP", "dns", 8090), "TCP", 8085, names)).toBe(false);
  });

  test("ICMP type 0 covers every type of its family", () => {
    expect(matchesPort(icmpType("IPv4", 8), "ICMP", 8, noNames)).toBe(true);
    expect(matchesPort(icmpType("", 8), "ICMPv6", 8, noNames)).toBe(false);
    expect(matchesPort(icmpType("IPv4", 0), "ICMP", 8, noNames)).toBe(true);
    expect(matchesPort(icmpType("IPv6", 0), "ICMP", 8, noNames)).toBe(false);
  });

  test("how they are shown", () => {
    expect(
      [
        portRange("TCP", 80, 0),
        portRange("ANY", 80, 90),
        portRange("UDP", 0, 0),
        namedPort("TCP", "HTTP", 0),
      ].map(displayPort),
    ).toEqual(["80/TCP", "80-90/ANY", "*/UDP", "http/TCP"]);
  });
});
