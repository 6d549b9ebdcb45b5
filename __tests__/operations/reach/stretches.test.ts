import fc from "fast-check";
import { expect, test } from "vitest";
import { PolicySet } from "../../../lib/proofs/evaluator/policy-set.ts";
import {
  displayStretches,
  namedPortNumbers,
  portOf,
  type Stretch,
  stretches,
} from "../../../operations/reach/stretches.ts";
import { ccnp } from "./lab.ts";

const specsOf = (...rules: object[]) =>
  PolicySet.compile([ccnp("ports", { endpointSelector: {}, ingress: rules })]).specs;

const of = (protocol: string, all: readonly Stretch[]) =>
  all.filter((stretch) => stretch.protocol === protocol).map(({ first, last }) => [first, last]);

const ports = (...entries: object[]) => ({ toPorts: [{ ports: entries }] });

test("a rule's ports cut a protocol where they begin and behind where they end", () => {
  const all = stretches(
    specsOf(ports({ port: "80", protocol: "TCP" }, { port: "8000", endPort: 8010, protocol: "TCP" })),
    new Map(),
  );
  expect(of("TCP", all)).toEqual([
    [1, 79],
    [80, 80],
    [81, 7999],
    [8000, 8010],
    [8011, 65535],
  ]);
  expect(of("UDP", all)).toEqual([[1, 65535]]);
  expect(of("ICMP", all)).toEqual([[0, 255]]);
});

test("without a protocol a port cuts the transports, and never ICMP", () => {
  const all = stretches(specsOf(ports({ port: "53" })), new Map());
  for (const protocol of ["TCP", "UDP", "SCTP"]) expect(of(protocol, all)).toContainEqual([53, 53]);
  expect(of("ICMPv6", all)).toEqual([[0, 255]]);
});

test("types of ICMP cut their family, by number and by name", () => {
  const fields = [
    { type: 8, family: "IPv4" },
    { type: "EchoRequest", family: "IPv6" },
  ];
  const all = stretches(specsOf({ icmps: [{ fields }] }), new Map());
  expect(of("ICMP", all)).toContainEqual([8, 8]);
  expect(of("ICMPv6", all)).toContainEqual([128, 128]);
});

test("a named port has a stretch of its own, called by its name", () => {
  const specs = specsOf(ports({ port: "http", protocol: "TCP" }));
  const named = namedPortNumbers(specs);
  const all = stretches(specs, named);
  expect(displayStretches(all.filter(({ name }) => name !== undefined))).toEqual(["http/TCP"]);
  expect(all.find(({ name }) => name === "http")).toMatchObject({ first: named.get("http") });
});

test("neighbours are shown as one, whole protocols with a star", () => {
  const stretch = (protocol: "TCP" | "UDP", first: number, last: number): Stretch => ({
    protocol,
    first,
    last,
  });
  expect(
    displayStretches([
      stretch("TCP", 1, 79),
      stretch("TCP", 80, 80),
      stretch("TCP", 443, 443),
      stretch("UDP", 1, 65535),
    ]),
  ).toEqual(["1-80/TCP", "443/TCP", "*/UDP"]);
});

test("stretches cover every port once, and no rule begins or ends inside one", () => {
  const entry = fc
    .tuple(fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 0, max: 500 }))
    .map(([port, more]) => ({
      port: String(port),
      endPort: Math.min(port + more, 65535),
      protocol: "TCP",
    }));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 10 }), (entries) => {
      const all = stretches(specsOf(ports(...entries)), new Map()).filter(
        ({ protocol }) => protocol === "TCP",
      );
      expect(all[0]?.first).toBe(1);
      expect(all.at(-1)?.last).toBe(65535);
      for (const [at, { first }] of all.entries())
        if (at > 0) expect(first).toBe((all[at - 1]?.last ?? 0) + 1);
      const starts = all.map((stretch) => portOf(stretch).port);
      for (const { port, endPort } of entries) {
        expect(starts).toContain(Number(port));
        if (endPort < 65535) expect(starts).toContain(endPort + 1);
      }
    }),
  );
});
