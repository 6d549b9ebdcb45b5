import fc from "fast-check";
import { expect, test } from "vitest";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { type PortRange, representativePorts } from "../../../../lib/proofs/network/ports.ts";

const specsOf = (ports: readonly object[]) =>
  PolicySet.compile([
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumClusterwideNetworkPolicy",
      metadata: { name: "ports" },
      spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports }] }] },
    },
  ]).specs;

const numbers = (protocol: string, ports: readonly object[], ranges: readonly PortRange[] = []) =>
  representativePorts(specsOf(ports), ranges)
    .filter((port) => port.protocol === protocol)
    .map(({ port }) => port);

test("without ranges, one port of each protocol", () => {
  expect(representativePorts([], [])).toEqual([
    { protocol: "TCP", port: 1 },
    { protocol: "UDP", port: 1 },
    { protocol: "SCTP", port: 1 },
    { protocol: "ICMP", port: 0 },
  ]);
});

test("single ports, and one for all the others", () => {
  const ports = [
    { port: "80", protocol: "TCP" },
    { port: "443", protocol: "TCP" },
  ];
  expect(numbers("TCP", ports)).toEqual([1, 80, 443]);
  expect(numbers("UDP", ports)).toEqual([1]);
});

test("ranges that overlap, and what other ranges than policies' say", () => {
  const ports = [{ port: "100", endPort: 200, protocol: "TCP" }];
  expect(numbers("TCP", ports, [{ protocol: "TCP", start: 150, end: 300 }])).toEqual([1, 100, 150, 201]);
});

test.each([
  ["no protocol", { port: "53" }],
  ["ANY", { port: "53", protocol: "ANY" }],
])("%s counts for every transport", (_, port) => {
  for (const protocol of ["TCP", "UDP", "SCTP"]) expect(numbers(protocol, [port])).toEqual([1, 53]);
});

test("a protocol in lower case counts as the agent reads it", () => {
  expect(numbers("TCP", [{ port: "53", protocol: "tcp" }])).toEqual([1, 53]);
});

test("types of ICMP", () => {
  expect(
    representativePorts([], [{ protocol: "ICMP", start: 8, end: 8 }]).filter(
      ({ protocol }) => protocol === "ICMP",
    ),
  ).toEqual([
    { protocol: "ICMP", port: 0 },
    { protocol: "ICMP", port: 8 },
  ]);
});

test("every port lies in the same ranges as one of them, and no two of them do", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 0, max: 300 })).map(
    ([start, length]): PortRange => ({
      protocol: "TCP",
      start,
      end: Math.min(start + length, 65535),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 65535 }), { maxLength: 20 }),
      (ranges, others) => {
        const within = (port: number) => ranges.map(({ start, end }) => start <= port && port <= end).join();
        const found = representativePorts([], ranges)
          .filter(({ protocol }) => protocol === "TCP")
          .map(({ port }) => within(port));
        const edges = ranges
          .flatMap(({ start, end }) => [start, end, end + 1])
          .filter((port) => port <= 65535);
        expect(new Set(found).size).toBe(found.length);
        for (const port of [...others, ...edges]) expect(found).toContain(within(port));
      },
    ),
  );
});
