import { describe, expect, test } from "vitest";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import type { BackedService, PolicySettings } from "../../../../lib/proofs/evaluator/model.ts";
import { app, ccnp, cnp, decide, pod, toPorts } from "./fixtures.ts";

const identities: readonly Identity[] = [
  pod("web", "shop"),
  pod("db", "shop", { app: "db", "app.kubernetes.io/name": "db" }),
  pod("db-blog", "blog", { app: "db", "app.kubernetes.io/name": "db" }),
  { id: "near", kind: "cidr", cidr: "10.1.2.3/32" },
  { id: "far", kind: "cidr", cidr: "8.8.8.8/32" },
];
const services: readonly BackedService[] = [
  { name: "db", namespace: "shop", selector: { app: "db" }, labels: { tier: "back" } },
  { name: "named", namespace: "shop", selector: { "app.kubernetes.io/name": "db" } },
  { name: "legacy", namespace: "shop", addresses: ["10.1.2.3"] },
];
const reach = (
  toServices: object[],
  rest: object = {},
  settings: PolicySettings = { services },
): string[] => {
  const policy = cnp("shop", "p", { endpointSelector: app("web"), egress: [{ toServices, ...rest }] });
  return identities
    .map(({ id }) => id)
    .filter((id) => decide([policy], identities, `web -> ${id}`, settings) === "allowed");
};
const named = (serviceName: string, namespace = "shop") => [{ k8sService: { serviceName, namespace } }];
const labelled = (selector: object, namespace?: string) => [
  { k8sServiceSelector: { selector, ...(namespace && { namespace }) } },
];

describe("toServices", () => {
  test("a Service with a selector means the pods of its namespace that this selects", () => {
    expect(reach(named("db"))).toEqual(["db"]);
    expect(reach([{ k8sService: { serviceName: "db" } }])).toEqual(["db"]);
    expect(reach(named("db", "blog"))).toEqual([]);
  });

  test("a Service without a selector means its addresses", () => {
    expect(reach(named("legacy"))).toEqual(["near"]);
  });

  test.each([
    [{ matchLabels: { tier: "back" } }, ["db"]],
    [{ matchExpressions: [{ key: "tier", operator: "In", values: ["back", "front"] }] }, ["db"]],
    [{ matchExpressions: [{ key: "tier", operator: "Exists" }] }, ["db"]],
    [{ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, ["near"]],
    [{ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["back"] }] }, ["near"]],
    [{}, ["db", "near"]],
  ])("by the labels %j", (selector, expected) => {
    expect(reach(labelled(selector))).toEqual(expected);
    expect(reach(labelled(selector, "shop"))).toEqual(expected);
    expect(reach(labelled(selector, "blog"))).toEqual([]);
  });

  test("a selector with a dotted key matches pods from 1.19 on", () => {
    expect(reach(named("named"))).toEqual([]);
    expect(reach(named("named"), {}, { services, ciliumVersion: "1.19.0" })).toEqual(["db"]);
  });

  test("with ports, a reference without a match covers every peer on them", () => {
    expect(reach(named("gone"), { toPorts: toPorts("80/TCP") })).toEqual(identities.map(({ id }) => id));
    expect(reach(named("gone"), { toPorts: toPorts("81/TCP") })).toEqual([]);
    expect(reach([...named("gone"), ...named("db")], { toPorts: toPorts("80/TCP") })).toEqual(["db"]);
  });

  test("in a deny rule it is never resolved", () => {
    const deny = (rest: object) =>
      cnp("shop", "p", {
        endpointSelector: app("web"),
        egressDeny: [{ toServices: named("db"), ...rest }],
        enableDefaultDeny: { egress: false },
      });
    expect(decide([deny({})], identities, "web -> db", { services })).toBe("allowed");
    expect(decide([deny({ toPorts: toPorts("80/TCP") })], identities, "web -> far", { services })).toBe(
      "denied",
    );
  });
});

describe("CIDR groups", () => {
  const cidrGroups = [
    { name: "office", cidrs: ["10.0.0.0/8"], labels: { kind: "office" } },
    { name: "dns", cidrs: ["8.8.8.8", "8.8.4.4"] },
  ];
  const reached = (rule: object, settings: PolicySettings = { cidrGroups }): string[] => {
    const policy = ccnp("p", { endpointSelector: app("web"), egress: [{ toCIDRSet: [rule] }] });
    return identities
      .map(({ id }) => id)
      .filter((id) => decide([policy], identities, `web -> ${id}`, settings) === "allowed");
  };

  test("by name, by label and with an exception", () => {
    expect(reached({ cidrGroupRef: "office" })).toEqual(["near"]);
    expect(reached({ cidrGroupRef: "dns" })).toEqual(["far"]);
    expect(reached({ cidrGroupRef: "gone" })).toEqual([]);
    expect(reached({ cidrGroupSelector: { matchLabels: { kind: "office" } } })).toEqual(["near"]);
    expect(reached({ cidrGroupRef: "office", except: ["10.1.0.0/16"] })).toEqual([]);
  });

  test("of two groups with one label the longer prefix counts, for its name both do", () => {
    const settings = {
      cidrGroups: [
        { name: "desk", cidrs: ["10.1.2.0/24"], labels: { kind: "desk" } },
        { name: "office", cidrs: ["10.0.0.0/8"], labels: { kind: "office" } },
      ],
    };
    const byKind = (kind: string) => reached({ cidrGroupSelector: { matchLabels: { kind } } }, settings);
    expect([byKind("desk"), byKind("office")]).toEqual([["near"], []]);
    expect(reached({ cidrGroupRef: "office" }, settings)).toEqual(["near"]);
  });
});
