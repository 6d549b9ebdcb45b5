import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareVectors, parseVectors, type Vectors } from "../../../../lib/proofs/evaluator/conformance.ts";

const load = (name: string): Vectors =>
  parseVectors(
    JSON.parse(readFileSync(new URL(`../../../fixtures/oracle/${name}.json`, import.meta.url), "utf8")),
  );

const designed = load("designed");

const scenario = (vectors: Vectors, name: string): Vectors["scenarios"][number] => {
  const found = vectors.scenarios.find((entry) => entry.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};

describe("recorded verdicts", () => {
  test.each([
    ["designed", 1915, 30],
    ["random", 5368, 5],
  ])("%s: every flow, side and rejection", (name, flows, rejections) => {
    const report = compareVectors(load(name));
    expect(report.disagreements).toEqual([]);
    expect(report.otherMessages).toEqual([]);
    expect(report).toMatchObject({ flows, rejections, agreements: flows + rejections });
  });
});

test("a named port with an end: within a spec as Cilium decides, between policies unknown", () => {
  const report = compareVectors(load("named-port-range"));
  expect(report.disagreements).toEqual([]);
  expect(report).toMatchObject({ flows: 81, agreements: 77 });
  expect(report.unknown.map(({ scenario: name, subject }) => `${name}: ${subject}`)).toEqual(
    ["x", "y"].flatMap((from) => [8082, 9000].map((port) => `two-policies: ${from} -> web ${port}/TCP`)),
  );
});

describe("what a scenario says of the agent counts", () => {
  const pod = { id: "web", kind: "pod", namespace: "a", labels: { app: "web" } };
  const recorded = (
    policy: object,
    identities: object[],
    more: object,
    verdict: "allowed" | "denied",
    to: string,
  ) =>
    parseVectors({
      engine: "test",
      scenarios: [
        {
          name: "one",
          ...more,
          identities: [pod, ...identities],
          policies: [{ apiVersion: "cilium.io/v2", ...policy }],
          flows: [
            {
              from: "web",
              to,
              protocol: "TCP",
              port: 80,
              verdict,
              deniedBy: verdict === "denied" ? "egress" : null,
              egress: verdict,
              ingress: "not-evaluated",
            },
          ],
        },
      ],
    });
  const named = { metadata: { name: "p", namespace: "a" }, kind: "CiliumNetworkPolicy" };
  const out = { id: "out", kind: "cidr", cidr: "192.0.2.7/32" };
  const group = { toCIDRSet: [{ cidrGroupRef: "nas" }] };
  const service = { toServices: [{ k8sService: { serviceName: "db", namespace: "a" } }] };
  const nodes = { toNodes: [{ matchLabels: { rack: "one" } }] };

  test.each<[string, object, object[], object, string]>([
    ["CIDR groups", group, [out], { cidrGroups: [{ name: "nas", cidrs: ["192.0.2.0/24"] }] }, "out"],
    [
      "services",
      service,
      [out],
      { services: [{ name: "db", namespace: "a", addresses: ["192.0.2.7"] }] },
      "out",
    ],
    [
      "node labels",
      nodes,
      [{ id: "node", kind: "remote-node", labels: { rack: "one" } }],
      { nodeSelectorLabels: true },
      "node",
    ],
  ])("%s", (_, egress, identities, more, to) => {
    const policy = { ...named, spec: { endpointSelector: {}, egress: [egress] } };
    expect(compareVectors(recorded(policy, identities, more, "allowed", to)).disagreements).toEqual([]);
    expect(compareVectors(recorded(policy, identities, {}, "allowed", to)).disagreements).not.toEqual([]);
  });
});

describe("a difference is noticed", () => {
  const vectors = structuredClone(designed);
  const empty = scenario(vectors, "cnp-ingress-empty-rule");
  const flow = empty.flows.find(({ verdict }) => verdict === "denied");
  if (!flow) throw new Error("no denied flow");

  test("in a verdict", () => {
    const changed = structuredClone(vectors);
    Object.assign(scenario(changed, empty.name).flows[empty.flows.indexOf(flow)] ?? {}, {
      verdict: "allowed",
      deniedBy: null,
      ingress: "allowed",
    });
    const report = compareVectors(changed);
    expect(report.disagreements).toEqual([
      {
        scenario: empty.name,
        subject: `${flow.from} -> ${flow.to} ${flow.port}/${flow.protocol}`,
        expected: "allowed (egress allowed, ingress allowed, denied by nobody)",
        actual: expect.stringContaining("nothing allows it; default deny by CiliumNetworkPolicy"),
      },
    ]);
    expect(report.agreements).toBe(1915 + 30 - 1);
  });

  test("in the side that denies", () => {
    const changed = structuredClone(vectors);
    Object.assign(scenario(changed, empty.name).flows[empty.flows.indexOf(flow)] ?? {}, {
      deniedBy: "egress",
    });
    expect(compareVectors(changed).disagreements).toHaveLength(1);
  });

  test("in a rejection that is left out, and in one that is made up", () => {
    const rejected = compareVectors({
      engine: "",
      scenarios: [{ ...scenario(vectors, "rejected-structure"), rejected: [], flows: [] }],
    });
    expect(rejected.disagreements).toHaveLength(6);
    expect(rejected.agreements).toBe(0);
    const accepted = compareVectors({
      engine: "",
      scenarios: [{ ...empty, flows: [], rejected: [{ policy: "target", error: "made up" }] }],
    });
    expect(accepted.disagreements).toMatchObject([{ expected: "rejected: made up", actual: "accepted" }]);
  });

  test("in a message, which is told apart from a disagreement", () => {
    const structure = scenario(vectors, "rejected-structure");
    const [first, ...rest] = structure.rejected;
    const report = compareVectors({
      engine: "",
      scenarios: [
        { ...structure, flows: [], rejected: [{ policy: first?.policy ?? "", error: "another" }, ...rest] },
      ],
    });
    expect(report.disagreements).toEqual([]);
    expect(report.otherMessages).toMatchObject([{ subject: `policy ${first?.policy}`, expected: "another" }]);
  });
});

describe("a file of another shape", () => {
  test("is refused with the places", () => {
    expect(() => parseVectors([])).toThrow("file: Invalid input");
    const broken = structuredClone(designed) as unknown as { scenarios: { flows: { port: unknown }[] }[] };
    Object.assign(broken.scenarios[0]?.flows[0] ?? {}, { port: "80", verdict: "maybe" });
    expect(() => parseVectors(broken)).toThrow(
      /scenarios\.0\.flows\.0\.port.*\n.*scenarios\.0\.flows\.0\.verdict/s,
    );
  });

  test("may have null for what is absent, and further fields", () => {
    const [first] = designed.scenarios;
    const written = {
      ...first,
      rejected: null,
      identities: first?.identities.map((entry) => ({ ...entry, labels: null, comment: "" })),
    };
    expect(compareVectors(parseVectors({ engine: "", scenarios: [written] })).disagreements).toEqual([]);
  });

  test("is refused when a flow names nobody", () => {
    const [first] = structuredClone(designed).scenarios;
    if (!first?.flows[0]) throw new Error("no flow");
    first.flows[0].from = "nobody";
    expect(() => compareVectors({ engine: "", scenarios: [first] })).toThrow(
      'scenario no-policy: no identity has the id "nobody"',
    );
  });
});

test("policies of one name in two namespaces are refused one by one", () => {
  const bad = (namespace: string) => ({
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: "bad", namespace },
    spec: { endpointSelector: {} },
  });
  const error =
    "Invalid CiliumNetworkPolicy spec: rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny";
  const report = (times: number) =>
    compareVectors(
      parseVectors({
        engine: "recorded",
        scenarios: [
          {
            name: "twice",
            policies: [bad("a"), bad("b")],
            rejected: Array.from({ length: times }, () => ({ policy: "bad", error })),
            flows: [],
          },
        ],
      }),
    );
  expect(report(2)).toMatchObject({ agreements: 2, disagreements: [], otherMessages: [] });
  expect(report(1).disagreements).toMatchObject([{ expected: "accepted" }]);
  expect(report(3).disagreements).toMatchObject([{ actual: "accepted" }]);
});
