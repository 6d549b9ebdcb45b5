import { describe, expect, test } from "vitest";
import { lint } from "../../../../lib/proofs/evaluator/findings.ts";
import type { Identity } from "../../../../lib/proofs/evaluator/identities.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { explainSide } from "../../../../lib/proofs/evaluator/verdict.ts";
import { app, ask, ccnp, cnp, decide, pod, toPorts } from "./fixtures.ts";

const identities: readonly Identity[] = [
  pod("web", "shop"),
  pod("cart", "shop"),
  pod("front", "blog"),
  pod("dns", "kube-system", { "k8s-app": "kube-dns" }),
  { id: "node", kind: "host" },
  { id: "other-node", kind: "remote-node" },
  { id: "api", kind: "kube-apiserver" },
  { id: "health", kind: "health" },
  { id: "ingress", kind: "ingress" },
  { id: "world", kind: "world" },
  { id: "metadata", kind: "cidr", cidr: "169.254.169.254/32" },
];

const kinds = (...policies: object[]) =>
  lint(PolicySet.compile(policies), identities).map(({ kind, policy }) => `${kind} ${policy.name}`);

describe("a clusterwide egressDeny without enableDefaultDeny", () => {
  const denyMetadata = (enableDefaultDeny?: object) =>
    ccnp("deny-metadata", {
      endpointSelector: {},
      egressDeny: [{ toCIDR: ["169.254.169.254/32"] }],
      ...(enableDefaultDeny && { enableDefaultDeny }),
    });

  test("takes DNS down for every pod, with the policy as the reason", () => {
    const { deniedBy, egress } = ask([denyMetadata()], identities, "web -> dns 53/UDP");
    expect(deniedBy).toBe("egress");
    expect(explainSide("egress", egress)).toBe(
      "egress denied: nothing allows it; default deny by CiliumClusterwideNetworkPolicy deny-metadata",
    );
  });

  test("is reported", () => {
    expect(lint(PolicySet.compile([denyMetadata()]), identities)).toContainEqual({
      kind: "silent-default-deny",
      policy: { kind: "CiliumClusterwideNetworkPolicy", name: "deny-metadata" },
      path: "spec.enableDefaultDeny.egress",
      message:
        "it turns egress of web, cart, front and 3 more to default deny, although it only has deny rules, and no policy says so. Set enableDefaultDeny.egress to false",
    });
  });

  test("only denies the address once enableDefaultDeny.egress is false", () => {
    const policies = [denyMetadata({ egress: false })];
    expect(decide(policies, identities, "web -> dns 53/UDP")).toBe("allowed");
    expect(decide(policies, identities, "web -> metadata")).toBe("denied");
    expect(kinds(...policies)).toEqual([]);
  });
});

describe("a default deny that denies nothing", () => {
  test.each([
    ["allows everybody", { ingress: [{ fromEntities: ["all"] }], egress: [{ toEntities: ["all"] }] }],
    ["has empty rules", { ingress: [{}], egress: [{}] }],
  ])("because enableDefaultDeny is false and it %s", (_, rules) => {
    const policy = ccnp("default-deny", {
      endpointSelector: {},
      ...rules,
      enableDefaultDeny: { ingress: false, egress: false },
    });
    expect(decide([policy], identities, "front -> web")).toBe("allowed");
    expect(kinds(policy)).toEqual(["denies-nothing default-deny"]);
  });

  test("because its own rules allow every peer", () => {
    const policy = ccnp("default-deny", {
      endpointSelector: {},
      ingress: [{}, { fromEntities: ["all"] }],
      enableDefaultDeny: { ingress: true },
    });
    expect(decide([policy], identities, "front -> web")).toBe("allowed");
    expect(kinds(policy)).toEqual(["denies-nothing default-deny"]);
  });

  test("is not one that denies", () => {
    const policy = ccnp("default-deny", { endpointSelector: {}, ingress: [{}], egress: [{}] });
    expect(decide([policy], identities, "front -> web")).toBe("denied");
    expect(kinds(policy)).toEqual([]);
  });
});

describe("NotIn on the namespace", () => {
  const policy = (matchExpressions: object[]) =>
    ccnp("outside-kube-system", {
      endpointSelector: { matchExpressions },
      ingress: [{ fromEntities: ["none"] }],
    });
  const notIn = { key: "k8s:io.kubernetes.pod.namespace", operator: "NotIn", values: ["kube-system"] };
  const exists = { key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" };

  test("selects health and ingress endpoints too, and is reported", () => {
    expect(decide([policy([notIn])], identities, "other-node -> health 4240/TCP")).toBe("denied");
    expect(decide([policy([notIn])], identities, "world -> ingress 443/TCP")).toBe("denied");
    expect(kinds(policy([notIn]))).toEqual(["selects-reserved outside-kube-system"]);
  });

  test("leaves them alone with Exists beside it", () => {
    expect(decide([policy([notIn, exists])], identities, "other-node -> health 4240/TCP")).toBe("allowed");
    expect(decide([policy([notIn, exists])], identities, "front -> web")).toBe("denied");
    expect(decide([policy([notIn, exists])], identities, "web -> dns 53/UDP")).toBe("allowed");
    expect(kinds(policy([notIn, exists]))).toEqual([]);
  });
});

describe("fromEndpoints: [{}]", () => {
  const spec = { endpointSelector: app("web"), ingress: [{ fromEndpoints: [{}] }] };

  test.each([
    ["a CiliumNetworkPolicy", cnp("shop", "p", spec), { cart: "allowed", front: "denied" }],
    ["a CiliumClusterwideNetworkPolicy", ccnp("p", spec), { cart: "allowed", front: "allowed" }],
  ])("in %s", (_, policy, expected) => {
    const decisions = identities.map(({ id }) => [id, decide([policy], identities, `${id} -> web`)]);
    expect(Object.fromEntries(decisions)).toMatchObject({
      ...expected,
      node: "allowed",
      "other-node": "denied",
      api: "denied",
      health: "denied",
      ingress: "denied",
      world: "denied",
    });
  });
});

test("a clusterwide allow-dns without enableDefaultDeny imposes egress default deny on all it selects", () => {
  const allowDns = ccnp("allow-dns", {
    endpointSelector: {},
    egress: [
      {
        toEndpoints: [
          { matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns" } },
        ],
        toPorts: toPorts("53/UDP"),
      },
    ],
  });
  expect(decide([allowDns], identities, "web -> dns 53/UDP")).toBe("allowed");
  expect(decide([allowDns], identities, "web -> cart")).toBe("denied");
  expect(kinds(allowDns)).toEqual(["silent-default-deny allow-dns"]);
});

test("a pod with a label of the key host is out of reach of every policy", () => {
  const escaped = [...identities, pod("escaped", "shop", { app: "web", host: "x" })];
  const deny = ccnp("default-deny", { endpointSelector: {}, ingress: [{}], egress: [{}] });
  const { decision, ingress } = ask([deny], escaped, "world -> escaped");
  expect(decision).toBe("allowed");
  expect(explainSide("ingress", ingress)).toBe("ingress allowed: its label host takes it out of enforcement");
  expect(decide([deny], escaped, "world -> escaped", { hostFirewall: true })).toBe("denied");
});
