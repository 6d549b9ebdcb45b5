import { describe, expect, test } from "vitest";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { explainSide } from "../../../../lib/proofs/evaluator/verdict.ts";
import { app, ask, ccnp, cnp, decide, networkPolicy, pod, toPorts } from "./fixtures.ts";

const identities: readonly Identity[] = [
  pod("web", "shop"),
  pod("db", "shop"),
  { id: "node", kind: "host", labels: { role: "worker" } },
  { id: "other-node", kind: "remote-node", labels: { role: "worker" } },
  { id: "init", kind: "init" },
  { id: "world", kind: "world" },
  { id: "near", kind: "cidr", cidr: "10.1.2.3/32", dnsNames: ["a.b.example.com"] },
];
const reasons = (policies: object[], flow: string, settings = {}) => {
  const { egress, ingress } = ask(policies, identities, flow, settings);
  return [explainSide("egress", egress), explainSide("ingress", ingress)];
};

describe("each side says why", () => {
  const allow = cnp("shop", "db", {
    endpointSelector: app("db"),
    ingress: [
      { fromEntities: ["cluster"], toPorts: toPorts("53/UDP") },
      { fromEndpoints: [app("web")], toPorts: toPorts("5432/TCP", "80/TCP") },
    ],
  });

  test("the rule that allowed, with peer and port", () => {
    expect(ask([allow], identities, "web -> db").ingress).toEqual({
      decision: "allowed",
      reason: {
        kind: "allow-rule",
        rule: {
          policy: { kind: "CiliumNetworkPolicy", namespace: "shop", name: "db" },
          path: "spec.ingress[1]",
          peer: {
            path: "spec.ingress[1].fromEndpoints[0]",
            text: "{app=web, k8s:io.kubernetes.pod.namespace=shop}",
          },
          port: "80/TCP",
        },
      },
    });
    expect(reasons([allow], "web -> db")).toEqual([
      "egress allowed: no policy selects it",
      "ingress allowed: allowed by CiliumNetworkPolicy shop/db spec.ingress[1], {app=web, k8s:io.kubernetes.pod.namespace=shop} on 80/TCP",
    ]);
  });

  test("that nothing allowed it, and who turned default deny on", () => {
    const second = ccnp("lockdown", { endpointSelector: {}, ingress: [{}] });
    expect(reasons([allow, second], "world -> db")).toEqual([
      "egress not-evaluated: has no policy of its own",
      "ingress denied: nothing allows it; default deny by CiliumNetworkPolicy shop/db, CiliumClusterwideNetworkPolicy lockdown",
    ]);
  });

  test("the rule that denied, before any that allows", () => {
    const deny = {
      ...ccnp("deny", {}),
      spec: undefined,
      specs: [{ endpointSelector: app("db"), ingressDeny: [{ toPorts: toPorts("80/ANY") }] }],
    };
    expect(reasons([allow, deny], "web -> db")[1]).toBe(
      "ingress denied: denied by CiliumClusterwideNetworkPolicy deny specs[0].ingressDeny[0], any peer on 80/ANY",
    );
  });

  test("that no policy turns default deny on, the node, init and layer 7 rules", () => {
    const soft = cnp("shop", "soft", {
      endpointSelector: {},
      ingress: [{ fromEntities: ["none"] }],
      enableDefaultDeny: { ingress: false },
    });
    expect(reasons([soft], "web -> db")[1]).toBe(
      "ingress allowed: no policy that selects it turns default deny on: CiliumNetworkPolicy shop/soft",
    );
    expect(reasons([allow], "node -> db")[1]).toBe(
      "ingress allowed: the endpoint's own node is always let in",
    );
    expect(reasons([], "web -> init")[1]).toBe(
      "ingress denied: nothing allows it, and init endpoints are always in default deny",
    );
    const http = cnp("shop", "http", {
      endpointSelector: app("db"),
      ingress: [
        { toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules: { http: [{ method: "GET" }] } }] },
      ],
    });
    expect(reasons([http], "web -> db")[1]).toBe(
      "ingress allowed: allowed by CiliumNetworkPolicy shop/http spec.ingress[0], any peer on 80/TCP (l7: http rules apply)",
    );
  });

  test("the place of a NetworkPolicy's peer", () => {
    const policy = networkPolicy("shop", "np", {
      podSelector: app("db"),
      ingress: [
        { from: [{ ipBlock: { cidr: "10.0.0.0/8" } }, { podSelector: app("web") }], ports: [{ port: 80 }] },
      ],
    });
    expect(ask([policy], identities, "web -> db").ingress.reason).toMatchObject({
      rule: { path: "spec.ingress[0]", peer: { path: "spec.ingress[0].from[1]" }, port: "80/TCP" },
    });
  });

  test("egress denies first when both sides do", () => {
    const deny = ccnp("deny", { endpointSelector: {}, ingress: [{}], egress: [{}] });
    expect(ask([deny], identities, "web -> db")).toMatchObject({
      decision: "denied",
      deniedBy: "egress",
      ingress: { decision: "denied" },
    });
    expect(ask([deny], identities, "world -> db").deniedBy).toBe("ingress");
  });
});

describe("settings", () => {
  test("the host has a policy only under the host firewall", () => {
    const policy = ccnp("host", {
      nodeSelector: { matchLabels: { role: "worker" } },
      ingress: [{ fromEntities: ["cluster"] }],
    });
    expect(ask([policy], identities, "web -> node").ingress.decision).toBe("not-evaluated");
    expect(decide([policy], identities, "web -> node", { hostFirewall: true })).toBe("allowed");
    expect(decide([policy], identities, "near -> node", { hostFirewall: true })).toBe("denied");
  });

  test("toNodes is refused without node selector labels, and selects nodes by their labels with them", () => {
    const policy = cnp("shop", "p", {
      endpointSelector: app("web"),
      egress: [{ toNodes: [{ matchLabels: { role: "worker" } }] }],
    });
    expect(PolicySet.compile([policy]).rejected).toMatchObject([
      {
        error:
          'Invalid CiliumNetworkPolicy spec: FromNodes/ToNodes rules can only be applied when the "enable-node-selector-labels" flag is set',
      },
    ]);
    const settings = { nodeSelectorLabels: true };
    expect(decide([policy], identities, "web -> other-node", settings)).toBe("allowed");
    expect(decide([policy], identities, "web -> world", settings)).toBe("denied");
  });

  test("from 1.19 on, fromRequires is refused and `**.` spans labels", () => {
    const requires = cnp("shop", "p", {
      endpointSelector: app("db"),
      ingress: [{ fromEndpoints: [{}] }, { fromRequires: [app("db")] }],
    });
    expect(decide([requires], identities, "web -> db")).toBe("denied");
    expect(PolicySet.compile([requires], { ciliumVersion: "1.19.4" }).rejected).toMatchObject([
      { error: "cannot decode spec.ingress[1].fromRequires: gone since Cilium 1.19" },
    ]);
    const names = cnp("shop", "p", {
      endpointSelector: app("web"),
      egress: [{ toFQDNs: [{ matchPattern: "**.example.com" }] }],
    });
    expect(decide([names], identities, "web -> near")).toBe("denied");
    expect(decide([names], identities, "web -> near", { ciliumVersion: "1.20.0" })).toBe("allowed");
    expect(() => decide([names], identities, "web -> near", { ciliumVersion: "latest" })).toThrow(
      'ciliumVersion must be major.minor[.patch], got "latest"',
    );
  });

  test("a peer selector that names no cluster means the local one only when asked", () => {
    const policy = cnp("shop", "p", {
      endpointSelector: app("web"),
      egress: [
        {
          toEndpoints: [
            { matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "DoesNotExist" }] },
          ],
        },
      ],
    });
    expect(decide([policy], identities, "web -> world")).toBe("allowed");
    expect(decide([policy], identities, "web -> world", { localClusterOnly: true })).toBe("denied");
    expect(decide([policy], identities, "web -> world", { ciliumVersion: "1.19" })).toBe("denied");
    const anywhere = { ciliumVersion: "1.19", localClusterOnly: false };
    expect(decide([policy], identities, "web -> world", anywhere)).toBe("allowed");
  });
});

test("from 1.19 on, a block on ingress of a NetworkPolicy also lets its own namespace in", () => {
  const policy = networkPolicy("shop", "np", {
    podSelector: {},
    ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }],
  });
  expect(decide([policy], identities, "near -> db")).toBe("allowed");
  expect(decide([policy], identities, "web -> db")).toBe("denied");
  expect(decide([policy], identities, "web -> db", { ciliumVersion: "1.19.4" })).toBe("allowed");
  const anywhere = { ciliumVersion: "1.19.4", localClusterOnly: false };
  expect(decide([policy], identities, "web -> db", anywhere)).toBe("denied");
});

describe("prefixes of length 0", () => {
  const addresses: readonly Identity[] = [
    pod("web", "shop"),
    { id: "world", kind: "world" },
    { id: "v4", kind: "cidr", cidr: "8.8.8.8/32" },
    { id: "v6", kind: "cidr", cidr: "2001:db8::1/128" },
  ];
  const reached = (rule: object, ciliumVersion: string) => {
    const policy = cnp("shop", "p", { endpointSelector: app("web"), egress: [rule] });
    return ["world", "v4", "v6"].filter(
      (id) => decide([policy], addresses, `web -> ${id}`, { ciliumVersion }) === "allowed",
    );
  };

  test.each([
    [{ toCIDR: ["0.0.0.0/0"] }, ["world", "v4", "v6"], ["world", "v4"]],
    [{ toCIDR: ["1.2.3.4/0"] }, ["v4"], ["world", "v4"]],
    [{ toCIDR: ["::/0"] }, ["v6"], ["v6"]],
    [{ toCIDRSet: [{ cidr: "0.0.0.0/0" }] }, ["world", "v4", "v6"], ["world", "v4"]],
    [{ toCIDRSet: [{ cidr: "::/0" }] }, ["world", "v4", "v6"], ["v6"]],
    [{ toCIDRSet: [{ cidr: "0.0.0.0/0", except: ["8.0.0.0/8"] }] }, ["world", "v6"], ["world"]],
    [{ toCIDR: ["0.0.0.0/1", "128.0.0.0/1"] }, ["v4"], ["v4"]],
    [{ toCIDR: ["2001:DB8::1"] }, [], ["v6"]],
    [{ toEntities: ["world"] }, ["world", "v4", "v6"], ["world", "v4", "v6"]],
  ])("%j: %j before 1.19, %j since", (rule, before, since) => {
    expect(reached(rule, "1.18.3")).toEqual(before);
    expect(reached(rule, "1.19.4")).toEqual(since);
  });
});

test("ids must be known and unique", () => {
  expect(() => decide([], identities, "web -> nobody")).toThrow('no identity has the id "nobody"');
  expect(() => decide([], [...identities, pod("web", "blog")], "web -> db")).toThrow(
    'identity ids must be unique, got "web" twice',
  );
});
