import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PolicyPort } from "../../../../lib/proofs/evaluator/endpoint-policy.ts";
import type { Evaluator } from "../../../../lib/proofs/evaluator/evaluator.ts";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { allowOnly, cluster, denyOnly, policies, selector } from "./arbitrary.ts";
import { ccnp } from "./fixtures.ts";

const PORTS: readonly PolicyPort[] = [
  { protocol: "TCP", port: 80 },
  { protocol: "TCP", port: 8080 },
  { protocol: "UDP", port: 53 },
  { protocol: "ICMP", port: 8 },
];
const RUNS = { numRuns: 150 };

/** Every flow with its decision, in one order. */
const decisions = (evaluator: Evaluator): readonly string[] =>
  evaluator.identities.flatMap(({ id: from }) =>
    evaluator.identities.flatMap(({ id: to }) =>
      PORTS.map((port) => evaluator.evaluate({ from, to, ...port }).decision),
    ),
  );

const decide = (objects: readonly object[], identities: readonly Identity[]): readonly string[] =>
  decisions(PolicySet.compile(objects).over(identities));

describe("whatever the policies", () => {
  test("the generated policies are taken, and decide flows both ways", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, cluster, (objects, identities) => {
        expect(PolicySet.compile(objects).rejected).toEqual([]);
        for (const decision of decide(objects, identities)) seen.add(decision);
      }),
      RUNS,
    );
    expect([...seen].sort()).toEqual(["allowed", "denied"]);
  });

  test("adding an allow that turns no default deny on closes no flow", () => {
    fc.assert(
      fc.property(policies, allowOnly, cluster, (objects, added, identities) => {
        const after = decide([...objects, added], identities);
        decide(objects, identities).forEach((before, at) => {
          if (before === "allowed") expect(after[at]).toBe("allowed");
        });
      }),
      RUNS,
    );
  });

  test("adding a deny opens no flow", () => {
    fc.assert(
      fc.property(policies, denyOnly, cluster, (objects, added, identities) => {
        const after = decide([...objects, added], identities);
        decide(objects, identities).forEach((before, at) => {
          if (before === "denied") expect(after[at]).toBe("denied");
        });
      }),
      RUNS,
    );
  });

  test("a policy that selects nobody changes nothing", () => {
    const unrelated = (peers: object) =>
      ccnp("unrelated", {
        endpointSelector: { matchLabels: { app: "nobody" } },
        ingress: [{ fromEndpoints: [peers] }],
        egressDeny: [{ toEndpoints: [peers] }],
      });
    fc.assert(
      fc.property(policies, selector, cluster, (objects, peers, identities) => {
        expect(decide([...objects, unrelated(peers)], identities)).toEqual(decide(objects, identities));
      }),
      RUNS,
    );
  });

  test("the order of policies does not matter", () => {
    fc.assert(
      fc.property(policies, cluster, (objects, identities) => {
        expect(decide(objects.toReversed(), identities)).toEqual(decide(objects, identities));
      }),
      RUNS,
    );
  });

  test("renaming a namespace everywhere changes nothing", () => {
    const rename = <T>(thing: T): T => JSON.parse(JSON.stringify(thing).replaceAll('"shop"', '"store"'));
    fc.assert(
      fc.property(policies, cluster, (objects, identities) => {
        expect(decide(rename(objects), rename(identities))).toEqual(decide(objects, identities));
      }),
      RUNS,
    );
  });
});

describe("classes", () => {
  test("the matrix decides as the single flows do", () => {
    fc.assert(
      fc.property(policies, cluster, (objects, identities) => {
        const evaluator = PolicySet.compile(objects).over(identities);
        const matrix = evaluator.matrix(PORTS);
        const fromMatrix = identities.flatMap(({ id: from }) =>
          identities.flatMap(({ id: to }) => PORTS.map((_, port) => matrix.decision(from, to, port))),
        );
        expect(fromMatrix).toEqual(decisions(evaluator));
      }),
      RUNS,
    );
  });

  test("a flow is decided as if its two ends were alone", () => {
    fc.assert(
      fc.property(policies, cluster, (objects, identities) => {
        fc.pre(!JSON.stringify(objects).includes('"web"'));
        const set = PolicySet.compile(objects);
        const all = set.over(identities);
        for (const from of identities) {
          for (const to of identities) {
            const alone = set.over(from === to ? [from] : [from, to]);
            for (const port of PORTS) {
              const flow = { from: from.id, to: to.id, ...port };
              expect(alone.evaluate(flow)).toEqual(all.evaluate(flow));
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("identities that look the same are one class, and replicas do not change decisions", () => {
    fc.assert(
      fc.property(policies, cluster, (objects, identities) => {
        const set = PolicySet.compile(objects);
        const replicas = identities.map((identity) => ({ ...identity, id: `${identity.id}-replica` }));
        const single = set.over(identities);
        const double = set.over([...identities, ...replicas]);
        expect(double.matrix(PORTS).classCount).toBe(single.matrix(PORTS).classCount);
        for (const { id } of identities) {
          expect(double.matrix(PORTS).classOf(`${id}-replica`)).toBe(double.matrix(PORTS).classOf(id));
        }
      }),
      RUNS,
    );
  });
});
