import { describe, expect, test } from "vitest";
import { compareNetworks, type EnvironmentChanges, isChange } from "../../../operations/reach/changes.ts";
import { allow, ccnp, cnp, defaultDeny, type LabStack, networkOf, pods, tcp } from "./lab.ts";

const compare = (before: LabStack, after: LabStack): EnvironmentChanges => {
  const [changes] = compareNetworks(
    new Map([["lab", networkOf(before)]]),
    new Map([["lab", networkOf(after)]]),
  );
  if (!changes) throw new Error("no environment");
  return changes;
};

const changes = (before: readonly object[], after: readonly object[]) =>
  compare({ policies: [defaultDeny, ...before] }, { policies: [defaultDeny, ...after] });

const named = (name: string) => pods("shop", { "app.kubernetes.io/name": name });
const shop = (...ports: (number | string)[]) => allow("shop-db", named("web"), named("db"), tcp(...ports));
const both = (verb: string, policy = "CiliumClusterwideNetworkPolicy shop-db") => [
  `egress: ${verb} ${policy} specs[0].egress[0]`,
  `ingress: ${verb} ${policy} specs[1].ingress[0]`,
];

test("the same output has no change", () => {
  const same = changes([shop(80)], [shop(80)]);
  expect(same).toMatchObject({
    flows: [],
    notes: [],
    agent: [],
    policies: { added: [], removed: [], changed: [] },
  });
  expect(isChange(same)).toBe(false);
});

describe("a policy that", () => {
  const pair = { from: ["shop/web"], to: ["shop/db"] };

  test("comes opens its flow", () => {
    const { flows, policies } = changes([], [shop(80)]);
    expect(flows).toEqual([{ change: "opened", ...pair, ports: ["80/TCP"], by: both("allowed by") }]);
    expect(policies.added).toEqual(["CiliumClusterwideNetworkPolicy shop-db"]);
  });

  test("goes closes it", () => {
    const { flows, policies } = changes([shop(80)], []);
    expect(flows).toEqual([
      { change: "closed", ...pair, ports: ["80/TCP"], by: both("no longer allowed by") },
    ]);
    expect(policies.removed).toEqual(["CiliumClusterwideNetworkPolicy shop-db"]);
  });

  test("changes its ports opens and closes", () => {
    const { flows } = changes([shop(80, 443)], [shop(443, 8443)]);
    expect(flows).toMatchObject([
      { change: "opened", ports: ["8443/TCP"] },
      { change: "closed", ports: ["80/TCP"] },
    ]);
  });

  test("covers every port is shown by whole protocols", () => {
    const whole = cnp("shop", "open", { endpointSelector: {}, ingress: [{ fromEntities: ["world"] }] });
    const { flows } = changes([], [whole]);
    const internet = flows.find(({ from }) => from.includes("internet"));
    expect(internet).toMatchObject({
      change: "opened",
      ports: ["*/TCP", "*/UDP", "*/SCTP", "*/ICMP", "*/ICMPv6"],
    });
  });

  test("changes a range shows the part that changed", () => {
    const range = (endPort: number) => [{ ports: [{ port: "8000", endPort, protocol: "TCP" }] }];
    const { flows } = changes(
      [allow("shop-db", named("web"), named("db"), range(8010))],
      [allow("shop-db", named("web"), named("db"), range(8020))],
    );
    expect(flows).toMatchObject([{ change: "opened", ports: ["8011-8020/TCP"] }]);
  });

  test("changes the name of a port", () => {
    expect(changes([shop("http")], [shop("metrics")]).flows).toMatchObject([
      { change: "opened", ports: ["metrics/TCP"] },
      { change: "closed", ports: ["http/TCP"] },
    ]);
  });

  test("changes a type of ICMP", () => {
    const ping = (type: number) => {
      const icmps = [{ fields: [{ type, family: "IPv4" }] }];
      return cnp("shop", "ping", { endpointSelector: {}, ingress: [{ fromEntities: ["world"], icmps }] });
    };
    const { flows } = changes([ping(8)], [ping(13)]);
    expect(new Set(flows.flatMap(({ change, ports }) => `${change} ${ports}`))).toEqual(
      new Set(["closed 8/ICMP", "opened 13/ICMP"]),
    );
  });

  test("changes an exception of a CIDR", () => {
    const out = (except: string) =>
      cnp("shop", "out", {
        endpointSelector: {},
        egress: [{ toCIDRSet: [{ cidr: "198.51.100.0/24", except: [except] }] }],
      });
    const { flows } = changes([out("198.51.100.0/28")], [out("198.51.100.16/28")]);
    expect(flows).toMatchObject([
      { change: "opened", to: ["198.51.100.0/28"] },
      { change: "closed", to: ["198.51.100.16/28"] },
    ]);
  });

  test("changes a name, or a pattern", () => {
    const out = (toFQDNs: object) =>
      cnp("shop", "out", { endpointSelector: {}, egress: [{ toFQDNs: [toFQDNs] }] });
    expect(
      changes([out({ matchName: "a.example" })], [out({ matchPattern: "*.b.example" })]).flows,
    ).toMatchObject([
      { change: "opened", to: ["fqdn:any.b.example"] },
      { change: "closed", to: ["fqdn:a.example"] },
    ]);
  });

  test("denies closes, and opens when it goes", () => {
    const deny = cnp("shop", "freeze", {
      endpointSelector: { matchLabels: { "app.kubernetes.io/name": "db" } },
      ingressDeny: [{ fromEndpoints: [{}] }],
    });
    const by = (verb: string) => [`ingress: ${verb} CiliumNetworkPolicy shop/freeze spec.ingressDeny[0]`];
    expect(changes([shop(80)], [shop(80), deny]).flows).toEqual([
      { change: "closed", ...pair, ports: ["80/TCP"], by: by("denied by") },
    ]);
    expect(changes([shop(80), deny], [shop(80)]).flows).toEqual([
      { change: "opened", ...pair, ports: ["80/TCP"], by: by("no longer denied by") },
    ]);
  });

  test("denies pods by another label than the one that they are allowed by", () => {
    const deny = cnp("shop", "quarantine", {
      endpointSelector: { matchLabels: { tier: "untrusted" } },
      egressDeny: [{ toEntities: ["all"] }],
      enableDefaultDeny: { egress: false },
    });
    expect(changes([shop(80)], [shop(80), deny]).flows).toMatchObject([
      {
        change: "closed",
        from: ["shop/app.kubernetes.io/name=web,tier=untrusted"],
        to: expect.arrayContaining(["shop/db"]),
      },
    ]);
  });

  test("selects more values than before", () => {
    const tiers = (...values: string[]) =>
      allow(
        "tiers",
        { ...pods("shop"), matchExpressions: [{ key: "tier", operator: "In", values }] },
        named("db"),
      );
    expect(changes([tiers("a")], [tiers("a", "b")]).flows).toMatchObject([
      { change: "opened", from: ["shop/tier=b"], to: ["shop/db"] },
    ]);
  });

  test("depends on what is not modelled may open", () => {
    const services = cnp("shop", "services", {
      endpointSelector: {},
      egress: [{ toServices: [{ k8sService: { serviceName: "db", namespace: "shop" } }] }],
    });
    const { flows } = changes([], [services]);
    expect(flows.length).toBeGreaterThan(0);
    for (const { change, by } of flows) {
      expect(change).toBe("may open");
      expect(by).toEqual([
        expect.stringMatching(/^egress: depends on toServices in CiliumNetworkPolicy shop\/services/),
      ]);
    }
  });
});

describe("default deny", () => {
  test("that comes closes everything that nothing allows, and is named", () => {
    const { flows } = compare({ policies: [shop(80)] }, { policies: [shop(80), defaultDeny] });
    expect(flows.every(({ change }) => change === "closed")).toBe(true);
    expect(flows.flatMap(({ by }) => by)).toContain(
      "egress: default deny by CiliumClusterwideNetworkPolicy deny spec",
    );
    expect(flows).not.toContainEqual(
      expect.objectContaining({ from: ["shop/web"], to: ["shop/db"], ports: ["80/TCP"] }),
    );
  });

  test("that goes opens it again", () => {
    const { flows } = compare({ policies: [shop(80), defaultDeny] }, { policies: [shop(80)] });
    expect(flows.every(({ change }) => change === "opened")).toBe(true);
    expect(flows.flatMap(({ by }) => by)).toContain(
      "ingress: no default deny any more by CiliumClusterwideNetworkPolicy deny spec",
    );
  });
});

describe("beside flows", () => {
  test("a change that opens and closes nothing is named", () => {
    const { flows, policies, notes } = changes(
      [shop(80)],
      [{ ...shop(80), metadata: { name: "shop-db", labels: { a: "b" } } }],
    );
    expect(flows).toEqual([]);
    expect(policies.changed).toEqual(["CiliumClusterwideNetworkPolicy shop-db"]);
    expect(notes).toEqual([
      "CiliumClusterwideNetworkPolicy shop-db differs, and by itself opens and closes nothing",
    ]);
  });

  test("a policy that Cilium rejects is named", () => {
    expect(changes([], [ccnp("empty", { endpointSelector: {} })]).notes).toContainEqual(
      expect.stringMatching(/^Cilium rejects CiliumClusterwideNetworkPolicy empty: /),
    );
  });

  test("how the agent runs is a change", () => {
    const found = compare(
      { cilium: { policyAuditMode: true } },
      { cilium: { hostFirewall: { enabled: true } } },
    );
    expect(found.agent).toEqual(["policies: audited → enforced", "host firewall: off → on"]);
    expect(isChange(found)).toBe(true);
  });

  test("an environment that only one output has is a change, and is not compared", () => {
    const network = networkOf({ policies: [defaultDeny] });
    const [added] = compareNetworks(new Map(), new Map([["lab", network]]));
    const [removed] = compareNetworks(new Map([["lab", network]]), new Map());
    expect(added).toMatchObject({ presence: "added", flows: [] });
    expect(removed).toMatchObject({ presence: "removed", flows: [] });
    expect([added, removed].every((one) => one && isChange(one))).toBe(true);
  });
});

test("flows that change alike stand in one line", () => {
  const wide = allow(
    "dns",
    { matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }] },
    pods("kube-system", { "k8s-app": "kube-dns" }),
  );
  const [line, ...others] = compare(
    { policies: [defaultDeny], namespaces: { media: {}, tools: {} } },
    { policies: [defaultDeny, wide], namespaces: { media: {}, tools: {} } },
  ).flows;
  expect(others).toEqual([]);
  expect(line).toMatchObject({ to: ["kube-system/kube-dns"], ports: ["80/TCP"] });
  expect(line?.from).toEqual(expect.arrayContaining(["media/any-app", "tools/any-app", "traefik/traefik"]));
});
