import { describe, expect, test } from "vitest";
import { displayFinding, lint } from "../../../../lib/proofs/evaluator/findings.ts";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import type { PolicySettings } from "../../../../lib/proofs/evaluator/model.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { app, ccnp, cnp, networkPolicy, pod, toPorts } from "./fixtures.ts";

const identities: readonly Identity[] = [
  pod("web", "shop"),
  pod("db", "shop"),
  { id: "node", kind: "host" },
  { id: "health", kind: "health" },
];
const findings = (policies: readonly object[], settings: PolicySettings = {}) =>
  lint(PolicySet.compile(policies, settings), identities).map(displayFinding);

const explicit = { enableDefaultDeny: { ingress: true, egress: true } };

test("nothing is found in policies that do what they say", () => {
  expect(
    findings([
      ccnp("default-deny", { endpointSelector: {}, ingress: [{}], egress: [{}] }),
      cnp("shop", "web-to-db", {
        endpointSelector: app("db"),
        ingress: [{ fromEndpoints: [app("web")], toPorts: toPorts("5432/TCP") }],
      }),
      networkPolicy("shop", "np", { podSelector: {}, policyTypes: ["Ingress"] }),
    ]),
  ).toEqual([]);
});

test("a refused object", () => {
  expect(findings([cnp("shop", "none", { endpointSelector: {} })])).toEqual([
    "rejected: CiliumNetworkPolicy shop/none spec: the agent refuses it, so that it has no effect: Invalid CiliumNetworkPolicy spec: rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny",
  ]);
});

describe("a policy that denies nothing", () => {
  const kinds = (policy: object) => findings([policy]).map((line) => line.split(":")[0]);

  test("because it selects nobody", () => {
    expect(findings([cnp("shop", "deny-all", { endpointSelector: app("gone"), ingress: [{}] })])).toEqual([
      "denies-nothing: CiliumNetworkPolicy shop/deny-all spec: its name says that it denies, but it denies nothing: it selects none of the endpoints",
      "selects-nothing: CiliumNetworkPolicy shop/deny-all spec.endpointSelector: {app=gone, k8s:io.kubernetes.pod.namespace=shop} selects none of the endpoints",
    ]);
  });

  test("because its deny rule meets nobody", () => {
    const policy = (fromEndpoints: object[]) =>
      cnp("shop", "keep-out", {
        endpointSelector: app("db"),
        ingressDeny: [{ fromEndpoints }],
        enableDefaultDeny: { ingress: false },
      });
    expect(kinds(policy([app("gone")]))).toEqual(["denies-nothing", "selects-nothing"]);
    expect(kinds(policy([app("web")]))).toEqual([]);
  });

  test("because its deny rule has no port", () => {
    const policy = (ports: object[]) =>
      cnp("shop", "keep-out", {
        endpointSelector: app("db"),
        ingressDeny: [{ fromEndpoints: [app("web")], toPorts: [{ ports }] }],
        enableDefaultDeny: { ingress: false },
      });
    expect(kinds(policy([]))).toEqual(["denies-nothing"]);
    expect(kinds(policy([{ port: "80" }]))).toEqual([]);
  });
});

describe("a direction that turns to default deny silently", () => {
  const allow = (extra: object = {}) =>
    cnp("shop", "allow", {
      endpointSelector: app("db"),
      ingress: [{ fromEndpoints: [app("web")] }],
      ...extra,
    });

  test("is reported for what no policy declares", () => {
    expect(findings([allow()])).toEqual([
      "silent-default-deny: CiliumNetworkPolicy shop/allow spec.enableDefaultDeny.ingress: it turns ingress of db to default deny, and no policy says so. Set enableDefaultDeny.ingress to true when this is meant, else to false",
    ]);
  });

  test.each([
    ["it says so itself", [allow({ enableDefaultDeny: { ingress: true } })]],
    ["it only adds", [allow({ enableDefaultDeny: { ingress: false } })]],
    ["another says so", [allow(), ccnp("baseline", { endpointSelector: {}, ingress: [{}] })]],
    [
      "another says so by enableDefaultDeny",
      [allow(), ccnp("b", { endpointSelector: {}, ingress: [{ fromEntities: ["host"] }], ...explicit })],
    ],
    ["a NetworkPolicy does so", [allow(), networkPolicy("shop", "np", { podSelector: {} })]],
  ])("is not reported when %s", (_, policies) => {
    expect(findings(policies)).toEqual([]);
  });

  test("is reported of two policies that hide behind each other", () => {
    const other = ccnp("other", { endpointSelector: app("db"), ingress: [{ fromEntities: ["host"] }] });
    expect(findings([allow(), other])).toHaveLength(2);
  });
});

describe("a selector that selects nothing", () => {
  test("among peers, with its place", () => {
    expect(
      findings([
        cnp("shop", "p", {
          endpointSelector: app("web"),
          egress: [{ toEndpoints: [app("db"), app("gone")] }],
          ...explicit,
        }),
        networkPolicy("shop", "np", { podSelector: {}, ingress: [{ from: [{ podSelector: app("gone") }] }] }),
      ]),
    ).toEqual([
      "selects-nothing: CiliumNetworkPolicy shop/p spec.egress[0].toEndpoints[1]: {app=gone, k8s:io.kubernetes.pod.namespace=shop} selects none of the identities",
      "selects-nothing: NetworkPolicy shop/np spec.ingress[0].from[0]: {k8s:app=gone, k8s:io.kubernetes.pod.namespace=shop} selects none of the identities",
    ]);
  });

  test("is not an entity or an address that nobody stands for", () => {
    expect(
      findings([
        cnp("shop", "p", {
          endpointSelector: app("web"),
          egress: [
            { toEntities: ["world"] },
            { toCIDR: ["10.0.0.0/8"] },
            { toFQDNs: [{ matchName: "a.b" }] },
          ],
          ...explicit,
        }),
      ]),
    ).toEqual([]);
  });

  test("is a host policy while the host firewall is off", () => {
    const policy = ccnp("host", { nodeSelector: {}, ingress: [{ fromEntities: ["cluster"] }], ...explicit });
    expect(findings([policy])).toEqual([
      "selects-nothing: CiliumClusterwideNetworkPolicy host spec.nodeSelector: {} selects none of the hosts under a host policy",
    ]);
    expect(findings([policy], { hostFirewall: true })).toEqual([]);
  });
});

test("toServices without a match opens its ports to everybody", () => {
  const policy = (toPortsOfRule: object) =>
    cnp("shop", "p", {
      endpointSelector: app("web"),
      egress: [
        { toServices: [{ k8sService: { serviceName: "gone", namespace: "shop" } }], ...toPortsOfRule },
      ],
      ...explicit,
    });
  expect(findings([policy({ toPorts: toPorts("80/TCP") })], { services: [] })).toEqual([
    "unresolved-service: CiliumNetworkPolicy shop/p spec.egress[0].toServices[0]: Service shop/gone, which matches no Service: the rule then covers every peer on its ports",
  ]);
  expect(findings([policy({})], { services: [] })).toEqual([
    "selects-nothing: CiliumNetworkPolicy shop/p spec.egress[0].toServices[0]: Service shop/gone, which matches no Service selects none of the identities",
  ]);
});
