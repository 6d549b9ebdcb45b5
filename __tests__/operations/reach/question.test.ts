import { describe, expect, test } from "vitest";
import {
  type Answer,
  answer,
  displayAnswer,
  PortError,
  parsePort,
  type QuestionProps,
} from "../../../operations/reach/question.ts";
import { allow, ccnp, cnp, defaultDeny, type LabStack, networkOf, pods, tcp } from "./lab.ts";

const ask = (stack: LabStack, question: Partial<QuestionProps> = {}): Answer =>
  answer({
    network: networkOf(stack),
    from: "shop/web",
    to: "shop/db",
    port: { protocol: "TCP", port: 5432 },
    ...question,
  });

const named = (name: string) => pods("shop", { "app.kubernetes.io/name": name });
const shop = { policies: [defaultDeny, allow("shop-db", named("web"), named("db"), tcp(5432))] };

describe("an allowed flow", () => {
  const answered = ask(shop);

  test("tells both rules, and what they are for", () => {
    expect(answered).toMatchObject({
      environment: "lab",
      from: "shop/web",
      to: "shop/db",
      verdict: "allowed",
      deniedBy: null,
      enforcement: "enforced",
      policies: 2,
      notes: [],
    });
    expect(answered.egress).toEqual({
      decision: "allowed",
      kind: "allow-rule",
      text: expect.stringMatching(
        /^allowed by CiliumClusterwideNetworkPolicy shop-db specs\[0\]\.egress\[0\]/,
      ),
      policies: [{ kind: "CiliumClusterwideNetworkPolicy", name: "shop-db" }],
      why: "What shop-db is for.",
    });
    expect(answered.ingress.text).toContain("specs[1].ingress[0]");
  });

  test("is printed as a chain", () => {
    expect(displayAnswer(answered).split("\n")).toEqual([
      "lab: shop/web → shop/db 5432/TCP: allowed",
      expect.stringMatching(/^ {2}egress of shop\/web: allowed by CiliumClusterwideNetworkPolicy shop-db/),
      "    What shop-db is for.",
      expect.stringMatching(/^ {2}ingress of shop\/db: allowed by CiliumClusterwideNetworkPolicy shop-db/),
      "    What shop-db is for.",
      "  decided by 2 policies, enforced",
    ]);
  });
});

describe("a denied flow", () => {
  test("tells that nothing allows it, on each side", () => {
    const answered = ask(shop, { port: { protocol: "TCP", port: 5433 } });
    expect(answered).toMatchObject({ verdict: "denied", deniedBy: "egress" });
    expect(answered.egress).toMatchObject({ kind: "default-deny", why: "Nothing is open by itself." });
    expect(displayAnswer(answered)).toContain(
      "ingress of shop/db: denied: nothing allows it; default deny by CiliumClusterwideNetworkPolicy deny",
    );
  });

  test("tells the rule that denies", () => {
    const deny = cnp("shop", "freeze", {
      endpointSelector: { matchLabels: { "app.kubernetes.io/name": "db" } },
      ingressDeny: [{ fromEntities: ["all"] }],
    });
    expect(ask({ policies: [...shop.policies, deny] })).toMatchObject({
      verdict: "denied",
      deniedBy: "ingress",
      ingress: { kind: "deny-rule", policies: [{ namespace: "shop", name: "freeze" }] },
    });
  });
});

describe("what must be known beside the verdict", () => {
  test("an audited cluster drops nothing", () => {
    const answered = ask({ ...shop, cilium: { policyAuditMode: true } });
    expect(answered.enforcement).toBe("audited");
    expect(answered.notes).toEqual(["policies are audited: what they deny is logged and not dropped"]);
  });

  test("nobody decides between two nodes", () => {
    const answered = ask(shop, { from: "node", to: "other-node" });
    expect(answered).toMatchObject({
      verdict: "allowed",
      notes: [expect.stringMatching(/^no policy decides/)],
    });
  });

  test("a policy that Cilium rejects has no effect", () => {
    const answered = ask({ policies: [...shop.policies, ccnp("empty", { endpointSelector: {} })] });
    expect(answered.notes).toEqual([
      expect.stringMatching(/^Cilium rejects CiliumClusterwideNetworkPolicy empty: /),
    ]);
  });

  test("a construct that is not modelled makes the verdict unknown", () => {
    const services = ccnp("services", {
      endpointSelector: named("web"),
      egress: [{ toServices: [{ k8sService: { serviceName: "db", namespace: "shop" } }] }],
    });
    expect(ask({ policies: [services] }, { to: "shop/any-app" })).toMatchObject({
      verdict: "unknown",
      egress: { kind: "not-modelled", text: expect.stringContaining("toServices") },
    });
  });
});

test("the recorded policies of the GitOps repository are added on demand", () => {
  const question = { from: "shop/any-app", to: "api-server", port: { protocol: "TCP", port: 6443 } } as const;
  const network = { ...networkOf(shop), environment: "prod" };
  expect(answer({ network, ...question }).verdict).toBe("denied");
  expect(answer({ network, ...question, withGitops: true })).toMatchObject({
    verdict: "allowed",
    egress: { policies: [{ name: "allow-kube-apiserver-egress" }] },
  });
  expect(() => ask(shop, { ...question, withGitops: true })).toThrow(
    /nothing is recorded of the GitOps side of lab/,
  );
});

test("the host firewall of the release puts nodes under policy", () => {
  const policies = [ccnp("host", { nodeSelector: {}, ingress: [{}] })];
  const question = { from: "internet", to: "node" };
  expect(ask({ policies, cilium: {} }, question).verdict).toBe("allowed");
  expect(ask({ policies, cilium: { hostFirewall: { enabled: true } } }, question).verdict).toBe("denied");
});

test("labels of namespaces count", () => {
  const from = { matchLabels: { "k8s:io.cilium.k8s.namespace.labels.team": "home" } };
  const policies = [
    defaultDeny,
    ccnp("team", { endpointSelector: {}, ingress: [{ fromEndpoints: [from] }] }),
  ];
  const question = { from: "media/any-app", to: "shop/any-app" };
  expect(ask({ policies }, question).ingress.decision).toBe("denied");
  expect(ask({ policies, namespaces: { media: { team: "home" } } }, question).ingress.decision).toBe(
    "allowed",
  );
});

describe("ports", () => {
  test.each([
    ["53/UDP", "UDP", 53],
    ["443", "TCP", 443],
    ["443/tcp", "TCP", 443],
    ["icmp", "ICMP", 8],
    ["3/ICMP", "ICMP", 3],
    ["0/icmp", "ICMP", 0],
    ["ICMPv6", "ICMPv6", 128],
    ["132/SCTP", "SCTP", 132],
  ] as const)("%s", (text, protocol, port) => {
    expect(parsePort(text)).toEqual({ protocol, port });
  });

  test.each(["", "TCP", "0/TCP", "65536", "256/ICMP", "80/QUIC", "80-90", "-1", "http/TCP"])(
    "refuses %j",
    (text) => {
      expect(() => parsePort(text)).toThrow(PortError);
    },
  );
});
