import { describe, expect, test } from "vitest";
import type { Identity } from "../../../lib/proofs/evaluator/identities.ts";
import { PolicySet } from "../../../lib/proofs/evaluator/policy-set.ts";
import { type RepresentativesProps, representatives } from "../../../operations/reach/representatives.ts";
import { ccnp, cnp, pods, tcp } from "./lab.ts";

const derive = (policies: object[], props: Partial<RepresentativesProps> = {}): readonly Identity[] =>
  representatives({
    specs: PolicySet.compile(policies, { hostFirewall: true }).specs,
    known: [],
    settings: {},
    namespaces: new Map(),
    named: new Map(),
    ...props,
  });

const ids = (policies: object[], props: Partial<RepresentativesProps> = {}) =>
  derive(policies, props).map(({ id }) => id);

const selecting = (endpointSelector: object) => ccnp("any", { endpointSelector, ingress: [{}] });

describe("pods", () => {
  test("of a policy's subject and of its peers", () => {
    const policy = cnp("media", "jellyfin", {
      endpointSelector: { matchLabels: { app: "jellyfin" } },
      ingress: [{ fromEndpoints: [pods("traefik", { "app.kubernetes.io/name": "traefik" })] }],
    });
    expect(ids([policy])).toEqual(["media/app=jellyfin", "traefik/traefik"]);
  });

  test("for each value of an expression, also for the excluded ones", () => {
    const matchExpressions = [
      { key: "tier", operator: "In", values: ["web", "api"] },
      { key: "stage", operator: "NotIn", values: ["old"] },
      { key: "off", operator: "DoesNotExist" },
      { key: "team", operator: "Exists" },
    ];
    expect(ids([selecting({ ...pods("shop"), matchExpressions })])).toEqual([
      "shop/team=any,tier=web",
      "shop/team=any,tier=api",
      "shop/stage=old,team=any,tier=web",
      "shop/off=any,team=any,tier=web",
    ]);
  });

  test("with labels of their namespace, and with a service account", () => {
    const [pod] = derive([
      selecting({
        matchLabels: {
          "k8s:io.cilium.k8s.namespace.labels.team": "home",
          "k8s:io.cilium.k8s.policy.serviceaccount": "reader",
        },
      }),
    ]);
    expect(pod).toMatchObject({ namespaceLabels: { team: "home" }, serviceAccount: "reader" });
    expect(pod?.id).toBe("some-namespace/* in a namespace with team=home as service account reader");
  });

  test("take the labels that their namespace has anyway", () => {
    const [pod] = derive([selecting(pods("media", { app: "a" }))], {
      namespaces: new Map([["media", { zone: "lan" }]]),
    });
    expect(pod).toMatchObject({ namespaceLabels: { zone: "lan" } });
  });

  test("none when somebody known is selected", () => {
    const known: Identity[] = [
      { id: "dns", kind: "pod", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    ];
    expect(ids([selecting(pods("kube-system", { "k8s-app": "kube-dns" }))], { known })).toEqual([]);
  });

  test("know a number for every port name", () => {
    const [pod] = derive([selecting(pods("media", { app: "a" }))], { named: new Map([["http", 65535]]) });
    expect(pod).toMatchObject({
      namedPorts: expect.arrayContaining([{ name: "http", port: 65535, protocol: "TCP" }]),
    });
  });
});

describe("pods with the labels of two selectors", () => {
  const one = selecting(pods("shop", { app: "web" }));
  const other = cnp("shop", "other", { endpointSelector: { matchLabels: { tier: "low" } }, ingress: [{}] });
  const combined = PolicySet.compile([other]).specs;

  test("of one that changed with all others", () => {
    expect(ids([one, other], { combined })).toContain("shop/app=web,tier=low");
    expect(ids([one, other])).not.toContain("shop/app=web,tier=low");
  });

  test("not across namespaces, nor with two values of one label", () => {
    const elsewhere = cnp("media", "a", { endpointSelector: { matchLabels: { app: "web" } }, ingress: [{}] });
    const contrary = selecting(pods("shop", { tier: "high" }));
    expect(ids([elsewhere, contrary, other], { combined })).toEqual([
      "media/app=web",
      "shop/tier=high",
      "shop/tier=low",
    ]);
  });
});

describe("what is no pod", () => {
  test("each prefix and each exception, and a name or an example of a pattern", () => {
    const egress = [
      { toCIDRSet: [{ cidr: "198.51.100.0/24", except: ["198.51.100.128/25"] }], toPorts: tcp(443) },
      { toCIDR: ["192.0.2.7/32", "0.0.0.0/0", "2001:db8::/32"] },
      { toFQDNs: [{ matchName: "Git.example.org" }, { matchPattern: "*.example.com" }] },
    ];
    expect(ids([ccnp("out", { endpointSelector: {}, egress })])).toEqual(
      expect.arrayContaining([
        "198.51.100.0/24",
        "198.51.100.128/25",
        "192.0.2.7",
        "2001:db8::0/32",
        "fqdn:git.example.org",
        "fqdn:any.example.com",
      ]),
    );
  });

  test("nodes by the labels of a node selector", () => {
    const nodeSelector = {
      matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
    };
    expect(derive([ccnp("host", { nodeSelector, ingress: [{}] })])).toEqual([
      {
        id: "node with node-role.kubernetes.io/control-plane=any",
        kind: "host",
        labels: { "node-role.kubernetes.io/control-plane": "any" },
      },
    ]);
  });

  test("reserved endpoints that a policy names, and no name twice", () => {
    const policy = ccnp("reserved", {
      endpointSelector: { matchLabels: { "reserved:health": "" } },
      ingress: [{ fromEntities: ["unmanaged", "init"] }],
    });
    expect(ids([policy, policy])).toEqual(["health", "init", "unmanaged"]);
    expect(ids([policy], { known: [{ id: "cilium-health", kind: "health" }] })).toEqual([
      "init",
      "unmanaged",
    ]);
  });
});
