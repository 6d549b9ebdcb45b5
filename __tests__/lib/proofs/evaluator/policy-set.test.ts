import { describe, expect, test } from "vitest";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { app, ccnp, cnp, decide, networkPolicy, pod } from "./fixtures.ts";

const identities = [pod("web", "shop"), pod("db", "shop"), pod("other", "default")];
const errors = (object: object): string[] => PolicySet.compile([object]).rejected.map(({ error }) => error);
const spec = (rest: object) => cnp("shop", "p", { endpointSelector: {}, ...rest });

describe("objects", () => {
  test.each([
    [
      { kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "d" } },
      /policies\[0\] must be one of .* got "apps\/v1 Deployment"/,
    ],
    [
      { kind: "NetworkPolicy", apiVersion: "crd.projectcalico.org/v1", metadata: { name: "d" } },
      /got "crd.projectcalico.org\/v1 NetworkPolicy"/,
    ],
    [
      { kind: "CiliumNetworkPolicy", apiVersion: "cilium.io/v2", metadata: {} },
      "policies[0].metadata.name must be given",
    ],
    [null, "policies[0] must be a policy object, got null"],
  ])("of another kind or without a name throw", (object, message) => {
    expect(() => PolicySet.compile([object])).toThrow(message);
  });

  test("of one kind, namespace and name are one: the later counts", () => {
    const open = { endpointSelector: {}, ingress: [{ fromEntities: ["all"] }] };
    const closed = { endpointSelector: {}, ingress: [{}] };
    expect(decide([cnp("shop", "p", open), cnp("shop", "p", closed)], identities, "web -> db")).toBe(
      "denied",
    );
    expect(decide([cnp("shop", "p", closed), cnp("shop", "p", open)], identities, "web -> db")).toBe(
      "allowed",
    );
    expect(decide([cnp("shop", "p", open), cnp("shop", "q", closed)], identities, "web -> db")).toBe(
      "allowed",
    );
  });

  test("without a namespace are clusterwide, a NetworkPolicy belongs to default", () => {
    const without = (object: object) => ({ ...object, metadata: { name: "p" } });
    const policy = without(cnp("", "p", { endpointSelector: app("web"), ingress: [{}] }));
    expect(PolicySet.compile([policy]).specs[0]?.policy).toEqual({
      kind: "CiliumClusterwideNetworkPolicy",
      name: "p",
    });
    const network = without(networkPolicy("", "p", { podSelector: {} }));
    expect(decide([network], identities, "web -> other")).toBe("denied");
    expect(decide([network], identities, "other -> web")).toBe("allowed");
  });

  test("are refused as a whole, and leave the others alone", () => {
    const set = PolicySet.compile([
      {
        ...ccnp("half", {}),
        spec: undefined,
        specs: [{ endpointSelector: {}, ingress: [{}] }, { endpointSelector: {} }],
      },
      ccnp("good", { endpointSelector: app("db"), ingress: [{}] }),
    ]);
    expect(set.rejected).toEqual([
      {
        policy: { kind: "CiliumClusterwideNetworkPolicy", name: "half" },
        error:
          "Invalid CiliumClusterwideNetworkPolicy specs: rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny",
      },
    ]);
    expect(set.specs).toHaveLength(1);
  });
});

describe("refusals beyond the recorded ones", () => {
  const ingress = (rule: object) => spec({ ingress: [rule] });
  const egress = (rule: object) => spec({ egress: [rule] });
  const l7 = (rules: object, ports: object[] = [{ port: "80", protocol: "TCP" }]) => ({
    toPorts: [{ ports, rules }],
  });

  test.each([
    [
      "a port of a wrong type",
      ingress({ toPorts: [{ ports: [{ port: 80 }] }] }),
      "cannot decode spec.ingress[0].toPorts[0].ports[0].port: expected a string, got 80",
    ],
    [
      "a list that is none",
      ingress({ fromEndpoints: {} }),
      "cannot decode spec.ingress[0].fromEndpoints: expected a list, got {}",
    ],
    [
      "an unknown ICMP name",
      ingress({ icmps: [{ fields: [{ type: "PacketTooBig" }] }] }),
      "ICMP type PacketTooBig not found in ",
    ],
    [
      "ICMP beside ports",
      ingress({ icmps: [{ fields: [{ type: 8 }] }], toPorts: [{ ports: [{ port: "80" }] }] }),
      "the ICMPs block may only be present without ToPorts. Define a separate rule to use ToPorts",
    ],
    ["a wrong family", ingress({ icmps: [{ fields: [{ type: 8, family: "IPv5" }] }] }), "wrong family: IPv5"],
    [
      "DNS rules on ingress",
      ingress(l7({ dns: [{ matchName: "a.b" }] })),
      "L7 protocol DNS is not supported on ingress yet",
    ],
    [
      "DNS rules with a range",
      egress(l7({ dns: [{ matchName: "a.b" }] }, [{ port: "53", endPort: 54 }])),
      "DNS rules do not support port ranges",
    ],
    [
      "DNS rules without a port",
      egress({ toPorts: [{ rules: { dns: [{ matchName: "a.b" }] } }] }),
      "port 53 must be specified for DNS rules",
    ],
    [
      "HTTP rules on UDP",
      egress(l7({ http: [{}] }, [{ port: "80", protocol: "UDP" }])),
      "L7 rules can only apply to TCP (not UDP) except for DNS rules",
    ],
    [
      "HTTP rules on port 0",
      egress(l7({ http: [{}] }, [{ port: "0", protocol: "TCP" }])),
      "L7 rules can not be used when a port is 0",
    ],
    [
      "two kinds of layer 7 rules",
      egress(l7({ http: [{}], kafka: [] })),
      "multiple L7 protocol rule types specified in single rule",
    ],
    [
      "l7 without its protocol",
      egress(l7({ l7: [{ a: "b" }] })),
      "'l7' may only be specified when a 'l7proto' is also specified",
    ],
    [
      "a listener on ingress",
      ingress({ toPorts: [{ ports: [{ port: "80" }], listener: { name: "l" } }] }),
      "Listener is not allowed on ingress (l)",
    ],
    [
      "server names beside HTTP rules",
      egress({
        toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], serverNames: ["a"], rules: { http: [{}] } }],
      }),
      "ServerNames are not allowed with L7 rules without TLS termination",
    ],
    [
      "an empty server name",
      egress({ toPorts: [{ ports: [{ port: "80" }], serverNames: [""] }] }),
      "empty server name is not allowed",
    ],
    [
      "a name and a pattern",
      egress({ toFQDNs: [{ matchName: "a", matchPattern: "b" }] }),
      "only one of MatchName or MatchPattern is allowed in an FQDNSelector",
    ],
    [
      "a name with other characters",
      egress({ toFQDNs: [{ matchName: "a b" }] }),
      'Invalid characters in MatchName: "a b". Only 0-9, a-z, A-Z and . and - characters are allowed',
    ],
    [
      "a prefix and a group",
      egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", cidrGroupRef: "g" }] }),
      "more than one of cidr, cidrGroupRef, or cidrGroupSelector may not be set",
    ],
    [
      "an exception without length",
      egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.0.0.1"] }] }),
      "netip.ParsePrefix(\"10.0.0.1\"): no '/'",
    ],
    [
      "a key that is too long",
      ingress({ fromEndpoints: [{ matchLabels: { ["k".repeat(60)]: "" } }] }),
      `invalid label selector: matchLabels: Invalid value: "any.${"k".repeat(60)}": name part must be no more than 63 characters`,
    ],
    [
      "nodes beside a bad entity",
      ingress({ fromNodes: [{}], fromEntities: [] }),
      'FromNodes/ToNodes rules can only be applied when the "enable-node-selector-labels" flag is set',
    ],
  ])("%s", (_, object, message) => {
    expect(errors(object)).toEqual([expect.stringMatching(/^(Invalid CiliumNetworkPolicy spec: )?/)]);
    expect(errors(object)[0]?.replace("Invalid CiliumNetworkPolicy spec: ", "")).toBe(message);
  });

  test("a NetworkPolicy that joins a selector and a block", () => {
    const policy = networkPolicy("shop", "p", {
      podSelector: {},
      ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }] }],
    });
    expect(errors(policy)).toEqual(["combining FromEndpoints and FromCIDRSet is not supported yet"]);
  });

  test("an error of the program is not taken for a refusal", () => {
    const trap = new Proxy(
      { endpointSelector: {} },
      {
        get: () => {
          throw new TypeError("trap");
        },
      },
    );
    expect(() => PolicySet.compile([cnp("shop", "p", trap)])).toThrow("trap");
  });
});
