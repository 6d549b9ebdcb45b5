import { describe, expect, test } from "vitest";
import { Ipv4Address } from "../../../../lib/core/values/ipv4-address.ts";
import { Subnet } from "../../../../lib/core/values/subnet.ts";
import { hostPolicies } from "../../../../lib/network/host-policy.ts";
import type { HostPolicyRules } from "../../../../lib/network/host-policy-rules.ts";
import { Peer } from "../../../../lib/network/peer.ts";
import { Port } from "../../../../lib/network/port.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import { hostProblems } from "../../../../lib/proofs/network/host-proof.ts";

const rules: HostPolicyRules = {
  vip: Ipv4Address.parse("192.0.2.190"),
  managementCidrs: [Subnet.parse("198.51.100.0/24")],
};
const closed: HostPolicyRules = { ...rules, egress: [] };

const policiesOf = (some: HostPolicyRules) => {
  const { allowances, deny } = hostPolicies(some);
  return [...allowances, deny];
};

const nameOf = (policy: { readonly metadata?: { readonly name?: string } }) => policy.metadata?.name ?? "";

test.each([
  ["egress open", rules],
  ["egress denied", closed],
])("nodes live and are out of reach, with %s", (_, some) => {
  expect(hostProblems(policiesOf(some), some)).toEqual([]);
});

describe("each allowance is needed", () => {
  test.each(hostPolicies(closed).allowances.map((policy) => [nameOf(policy), policy] as const))(
    "%s",
    (_, left) => {
      const problems = hostProblems(
        policiesOf(closed).filter((policy) => nameOf(policy) !== nameOf(left)),
        closed,
      );
      expect(problems).not.toEqual([]);
      expect(problems.every((problem) => problem.startsWith("must live: "))).toBe(true);
      expect(problems.join()).toContain(`the host allowance ${nameOf(left)} must hold it`);
    },
  );
});

test("a flow that is missing is named with its side", () => {
  const without = policiesOf(rules).filter((policy) => nameOf(policy) !== "platform-host-kubelet");
  expect(hostProblems(without, rules)).toContainEqual(
    expect.stringMatching(
      /^must live: kubelet: node with an API server → worker 10250\/TCP is denied: .*ingress denied: nothing allows it; default deny by CiliumClusterwideNetworkPolicy platform-host-default-deny/,
    ),
  );
});

test("without the deny everything that must die lives", () => {
  const problems = hostProblems(hostPolicies(rules).allowances, rules);
  for (const name of [
    "internet → node management",
    "app → node management",
    "management → inside of the control plane",
    "worker without etcd, trustd and API",
  ])
    expect(problems.some((problem) => problem.startsWith(`must die: ${name}: `))).toBe(true);
});

test("the policies do nothing while the host firewall is off", () => {
  const evaluator = PolicySet.compile(policiesOf(rules)).over([
    { id: "node", kind: "host" },
    { id: "internet", kind: "world" },
  ]);
  expect(evaluator.evaluate({ from: "internet", to: "node", protocol: "TCP", port: 50000 })).toMatchObject({
    decision: "allowed",
    ingress: { decision: "not-evaluated" },
  });
});

test("a policy that Cilium rejects is named", () => {
  const broken = {
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name: "broken" },
    spec: { nodeSelector: {}, enableDefaultDeny: { ingress: true } },
  };
  expect(hostProblems([...policiesOf(rules), broken], rules)).toEqual([
    expect.stringMatching(/^CiliumClusterwideNetworkPolicy broken: Cilium rejects it: /),
  ]);
});

test.each([
  [
    "the Talos API to the internet",
    { peers: [Peer.entities("world")], ports: [Port.tcp(50000)] },
    "must die: internet → node management: internet → control plane 50000/TCP is allowed",
  ],
  [
    "etcd to apps",
    { peers: [Peer.everyPod()], ports: [Port.tcp(2000, 3000)] },
    "must die: app → node management: apps/any-app → worker 2379/TCP is allowed",
  ],
])("an allowance that opens %s is refused", (_, opening, message) => {
  const some: HostPolicyRules = {
    ...rules,
    ingress: [{ name: "opening", why: "A mistake.", nodes: "all", ...opening }],
  };
  expect(hostProblems(policiesOf(some), some)).toContainEqual(expect.stringContaining(message));
});
