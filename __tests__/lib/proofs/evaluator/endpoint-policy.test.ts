import { describe, expect, test } from "vitest";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { explainSide } from "../../../../lib/proofs/evaluator/verdict.ts";
import { app, ask, ccnp, cnp, decide, pod } from "./fixtures.ts";

const identities: readonly Identity[] = [
  pod("web", "shop"),
  pod("db", "shop"),
  { id: "world", kind: "world" },
];

describe("what is not modelled is unknown, where it matters", () => {
  const egress = (...rules: object[]) => cnp("shop", "p", { endpointSelector: app("web"), egress: rules });
  const why = (policies: object[], flow: string) =>
    explainSide("egress", ask(policies, identities, flow).egress);

  test.each([
    ["toGroups", { toGroups: [{ aws: {} }] }, "toGroups"],
    ["toServices without Services", { toServices: [{ k8sService: { serviceName: "s" } }] }, "toServices"],
    ["a CIDR group", { toCIDRSet: [{ cidrGroupRef: "g" }] }, "cidrGroupRef g"],
    ["a selector of CIDR groups", { toCIDRSet: [{ cidrGroupSelector: app("g") }] }, "cidrGroupSelector"],
    [
      "authentication",
      { toEntities: ["world"], authentication: { mode: "required" } },
      "authentication required",
    ],
    [
      "server names",
      { toEntities: ["world"], toPorts: [{ ports: [{ port: "80" }], serverNames: ["a.b"] }] },
      "serverNames",
    ],
    [
      "a listener",
      {
        toEntities: ["world"],
        toPorts: [{ ports: [{ port: "80" }], listener: { name: "l", envoyConfig: { name: "c" } } }],
      },
      "listener l",
    ],
    [
      "TLS",
      {
        toEntities: ["world"],
        toPorts: [{ ports: [{ port: "80" }], originatingTLS: { secret: { name: "s" } } }],
      },
      "originatingTLS",
    ],
  ])("%s", (_, rule, construct) => {
    expect(decide([egress(rule)], identities, "web -> world")).toBe("unknown");
    expect(why([egress(rule)], "web -> world")).toMatch(
      new RegExp(
        `^egress unknown: depends on ${construct} in CiliumNetworkPolicy shop/p spec\\.egress\\[0\\], `,
      ),
    );
  });

  test("not where a deny is certain, or where it cannot apply", () => {
    const groups = { toGroups: [{ aws: {} }] };
    const deny = ccnp("deny", { endpointSelector: {}, egressDeny: [{ toEntities: ["world"] }] });
    expect(decide([egress(groups), deny], identities, "web -> world")).toBe("denied");
    expect(decide([egress(groups)], identities, "web -> db")).toBe("denied");
    expect(decide([egress(groups, { toEntities: ["world"] })], identities, "web -> world")).toBe("allowed");
  });

  test("an unknown deny leaves a flow unknown, and a certain deny of the other side wins", () => {
    const deny = ccnp("deny", {
      endpointSelector: app("web"),
      egressDeny: [{ toCIDRSet: [{ cidrGroupRef: "g" }] }],
      enableDefaultDeny: { egress: false },
    });
    expect(decide([deny], identities, "web -> world")).toBe("unknown");
    expect(decide([deny], identities, "web -> db")).toBe("allowed");
    const closed = cnp("shop", "closed", { endpointSelector: app("db"), ingress: [{}] });
    const services = egress({ toServices: [{ k8sService: { serviceName: "s" } }] });
    expect(ask([services, closed], identities, "web -> db")).toMatchObject({
      decision: "denied",
      deniedBy: "ingress",
      egress: { decision: "unknown" },
    });
  });

  const rule = (rules: object) => ({ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules }] });
  const proxies = egress(rule({ http: [{}] }), rule({ kafka: [{}] }));

  test("rules of two proxies on one port", () => {
    expect(why([proxies], "web -> world")).toContain(
      "unknown: depends on l7 rules of several kinds (http, kafka)",
    );
  });

  test("the matrix says the same", () => {
    const matrixOf = (policy: object) =>
      PolicySet.compile([policy])
        .over(identities)
        .matrix([{ protocol: "TCP", port: 80 }]);
    const matrix = matrixOf(egress({ toGroups: [{ aws: {} }] }));
    expect(matrix.decision("web", "world", 0)).toBe("unknown");
    expect(matrix.decision("web", "db", 0)).toBe("denied");
    expect(matrix.decision("world", "web", 0)).toBe("allowed");
    expect(matrixOf(proxies).decision("web", "world", 0)).toBe("unknown");
  });
});
