import fc from "fast-check";
import { expect, test } from "vitest";
import { lab, problems, type Refusal } from "../lab.ts";

const [ada, bea, cleo, dora] = lab().nodes;

test.each<Refusal>([
  [
    "an interface that Terraform would read as a template",
    { "loadBalancer.interfaces": ["^eth0|$" + "{path.module}"] },
    [
      `loadBalancer.interfaces[0]: must not hold a dollar or percent sign before a brace: Terraform reads a template there: got "^eth0|${"$"}{path.module}"`,
    ],
  ],
  [
    "a range that stops before it starts",
    { "loadBalancer.automatic": { start: "10.1.20.100", stop: "10.1.20.99" } },
    ['loadBalancer.automatic: must not stop before it starts: got "10.1.20.100-10.1.20.99"'],
  ],
  [
    "ranges that share one address",
    { "loadBalancer.automatic.start": "10.1.20.79" },
    [
      'loadBalancer.automatic: must not overlap loadBalancer.static, 10.1.20.70-10.1.20.79: got "10.1.20.79-10.1.20.89"',
    ],
  ],
  [
    "a range that holds a node",
    { "loadBalancer.automatic": { start: "10.1.20.14", stop: "10.1.20.20" } },
    [
      'loadBalancer.automatic: must not hold the address of a node, 10.1.20.14 (nodes.dora.vlans.20.address): got "10.1.20.14-10.1.20.20"',
    ],
  ],
  [
    "a range that holds a maintenance address",
    { "nodes.0.maintenanceAddress": "10.1.20.85" },
    [
      'loadBalancer.automatic: must not hold the address of a node, 10.1.20.85 (nodes.ada.maintenanceAddress): got "10.1.20.80-10.1.20.89"',
    ],
  ],
  [
    "a range that holds the gateway, and a nameserver with it",
    { "loadBalancer.automatic": { start: "10.1.20.1", stop: "10.1.20.1" } },
    [
      'loadBalancer.automatic: must not hold the address of a gateway, 10.1.20.1 (nodes.ada.vlans.20.gateway): got "10.1.20.1-10.1.20.1"',
      'loadBalancer.automatic: must not hold the address of a nameserver, 10.1.20.1 (nodes.ada.nameservers[1]): nodes need it before the cluster runs: got "10.1.20.1-10.1.20.1" (the accepted risk nameserver-10.1.20.1-in-load-balancer-range would silence this)',
    ],
  ],
  [
    "a range that holds a nameserver of one node",
    { "nodes.3.nameservers": ["10.1.20.82", "10.1.20.1"] },
    [
      'loadBalancer.automatic: must not hold the address of a nameserver, 10.1.20.82 (nodes.dora.nameservers[0]): nodes need it before the cluster runs: got "10.1.20.80-10.1.20.89" (the accepted risk nameserver-10.1.20.82-in-load-balancer-range would silence this)',
    ],
  ],
  [
    "a range outside of the services VLAN",
    { "loadBalancer.automatic": { start: "10.1.30.80", stop: "10.1.30.89" } },
    [
      'loadBalancer.automatic: must lie among the host addresses of VLAN 20, 10.1.20.0/24: got "10.1.30.80-10.1.30.89"',
    ],
  ],
  [
    "a range that reaches past the services VLAN",
    { "loadBalancer.automatic": { start: "10.1.20.250", stop: "10.1.21.5" } },
    [
      'loadBalancer.automatic: must lie among the host addresses of VLAN 20, 10.1.20.0/24: got "10.1.20.250-10.1.21.5"',
    ],
  ],
  [
    "a range that holds the broadcast address",
    { "loadBalancer.automatic": { start: "10.1.20.250", stop: "10.1.20.255" } },
    [
      'loadBalancer.automatic: must lie among the host addresses of VLAN 20, 10.1.20.0/24: got "10.1.20.250-10.1.20.255"',
    ],
  ],
  [
    "a VLAN that no node has",
    { "loadBalancer.vlan": 30 },
    ["loadBalancer.vlan: must be a VLAN of a node: got 30"],
  ],
  [
    "an ArgoCD address among the automatic ones",
    { "argocd.address": "10.1.20.80" },
    ['argocd.address: must lie in loadBalancer.static, 10.1.20.70-10.1.20.79: got "10.1.20.80"'],
  ],
  [
    "an ArgoCD address that a nameserver has",
    {
      "nodes.0.nameservers": ["10.1.20.71", "10.1.20.1"],
      acceptedRisks: [
        {
          id: "nameserver-10.1.20.71-in-load-balancer-range",
          holdsWhile: "resolver-outside-cluster",
          reason: "The nodes have another one.",
          acceptedBy: "owner",
          on: "2026-01-01",
          reviewBy: "2027-01-01",
        },
      ],
    },
    ['argocd.address: must not be a nameserver, nodes.ada.nameservers[0]: got "10.1.20.71"'],
  ],
  [
    "an interface pattern that Go does not read",
    { "loadBalancer.interfaces": ["^eth(?!1)", "eth[", "^eth.*\\.20$"] },
    [
      'loadBalancer.interfaces[0]: must be a regular expression, as Go reads them: got "^eth(?!1)"',
      'loadBalancer.interfaces[1]: must be a regular expression, as Go reads them: got "eth["',
    ],
  ],
  [
    "an interface pattern that matches no node",
    { "loadBalancer.interfaces": ["^eth1$", "^eth.*\\.20$"] },
    ['loadBalancer.interfaces[0]: must match the VLAN interface of a node: eth0.20: got "^eth1$"'],
  ],
  [
    "an interface pattern twice",
    { "loadBalancer.interfaces": ["eth0", "eth0"] },
    ['loadBalancer.interfaces: must name each interface once: got "eth0"'],
  ],
])("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test("what a malformed interface or VLAN might have matched is not guessed", () => {
  const patterns = { "loadBalancer.interfaces": ["^wlan"] };
  expect(problems({ ...patterns, "nodes.0.interface": "WLAN0" })).toHaveLength(1);
  expect(problems({ "loadBalancer.vlan": 30, nodes: [ada, bea, cleo, { ...dora, vlans: 3 }] })).toHaveLength(
    1,
  );
});

test("two ranges are refused exactly when they share an address", () => {
  const hosts = fc.tuple(fc.integer({ min: 100, max: 120 }), fc.nat(10));
  fc.assert(
    fc.property(hosts, hosts, ([a, aLength], [b, bLength]) => {
      const range = (start: number, length: number) => ({
        start: `10.1.20.${start}`,
        stop: `10.1.20.${start + length}`,
      });
      const lines = problems({
        "loadBalancer.static": range(a, aLength),
        "loadBalancer.automatic": range(b, bLength),
        "argocd.address": `10.1.20.${a}`,
      });
      expect(lines.length > 0).toBe(a <= b + bLength && b <= a + aLength);
    }),
    { numRuns: 60 },
  );
});
