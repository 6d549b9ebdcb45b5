import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import type { HostAllowance } from "../../../lib/network/host-allowance.ts";
import { HostPolicy, type HostPolicyProps, hostPolicies } from "../../../lib/network/host-policy.ts";
import type { HostPolicyRules } from "../../../lib/network/host-policy-rules.ts";
import { Peer } from "../../../lib/network/peer.ts";
import { Port } from "../../../lib/network/port.ts";
import { synthPlatform } from "../../platform.ts";
import { resources } from "../../synth.ts";

const rules: HostPolicyRules = {
  vip: Ipv4Address.parse("192.0.2.190"),
  managementCidrs: [Subnet.parse("198.51.100.0/24")],
};

const synthesize = (props: Partial<HostPolicyProps> = {}) => {
  const policyAudit = props.mode === "audit";
  const [policy, stack] = synthPlatform(
    (scope) =>
      new HostPolicy(scope, "hosts", {
        ...rules,
        mode: "enforce",
        cilium: { policyAudit, hostFirewall: true },
        dependsOn: [],
        ...props,
      }),
  );
  const manifests = resources(stack, "kubectl_manifest").map((block) => ({
    object: parse(block.yaml_body as string),
    dependsOn: (block.depends_on ?? []) as string[],
  }));
  return { policy, manifests };
};

const names = ({ manifests }: ReturnType<typeof synthesize>): string[] =>
  manifests.map(({ object }) => object.metadata.name);

const nas: HostAllowance = {
  name: "nas",
  why: "Volumes.",
  nodes: "all",
  peers: [Peer.cidr("192.0.2.69/32")],
  ports: [Port.tcp(3260)],
};

const homeAssistant: HostAllowance = {
  name: "home-assistant",
  why: "It runs with host networking.",
  nodes: "all",
  peers: [Peer.entities("world")],
  ports: [Port.udp(5683)],
};

describe("the policies", () => {
  test("select nodes, deny ingress, and leave egress alone", () => {
    const { allowances, deny } = hostPolicies(rules);
    expect(deny.specs).toEqual([
      {
        description: expect.any(String),
        nodeSelector: {},
        enableDefaultDeny: { ingress: true, egress: false },
        ingress: [{}],
      },
    ]);
    for (const { specs = [] } of allowances)
      for (const spec of specs) {
        expect(spec).not.toHaveProperty("egress");
        expect(spec).not.toHaveProperty("endpointSelector");
        expect(spec.enableDefaultDeny).toEqual({ ingress: false, egress: false });
      }
  });

  test("never select by labels that Cilium drops from a node's identity", () => {
    const { allowances } = hostPolicies(rules);
    const keys = allowances.flatMap(({ specs = [] }) =>
      specs.flatMap(({ nodeSelector }) => (nodeSelector?.matchExpressions ?? []).map(({ key }) => key)),
    );
    expect(new Set(keys)).toEqual(new Set(["node-role.kubernetes.io/control-plane"]));
  });

  test("are valid for their schema", () => {
    const { allowances, deny } = hostPolicies({ ...rules, ingress: [homeAssistant], egress: [nas] });
    for (const object of [...allowances, deny]) expect(() => object.validate()).not.toThrow();
  });

  test("deny egress only when it is asked for, and then after what nodes need", () => {
    const { allowances, deny } = hostPolicies({ ...rules, egress: [nas] });
    expect(deny.specs).toMatchObject([{ enableDefaultDeny: { egress: true }, egress: [{}] }]);
    expect(allowances.map(({ metadata }) => metadata?.name)).toEqual(
      expect.arrayContaining(["platform-host-names-and-time", "platform-host-images", "platform-host-nas"]),
    );
  });
});

describe("roll-out", () => {
  test("off applies nothing, whatever the agent does", () => {
    const off = synthesize({ mode: "off", cilium: { policyAudit: false, hostFirewall: false } });
    expect(off.manifests).toEqual([]);
    expect(off.policy.resources).toEqual([]);
  });

  test.each(["audit", "enforce"] as const)("%s applies the allowances before the deny", (mode) => {
    const done = synthesize({ mode });
    const deny = done.manifests.find(({ object }) => object.metadata.name === "platform-host-default-deny");
    expect(deny?.dependsOn).toHaveLength(done.manifests.length - 1);
    expect(done.policy.resources).toHaveLength(done.manifests.length);
    expect(new Set(names(done)).size).toBe(done.manifests.length);
  });

  test("audit is refused while the agent enforces: nodes would be cut off at once", () => {
    expect(() => synthesize({ mode: "audit", cilium: { policyAudit: false, hostFirewall: true } })).toThrow(
      /mode audit: nodes would be enforced at once: Cilium audits all policies or none/,
    );
  });

  test("enforce is refused while the agent audits: nothing would be enforced", () => {
    expect(() => synthesize({ mode: "enforce", cilium: { policyAudit: true, hostFirewall: true } })).toThrow(
      /mode enforce: nothing would be enforced while Cilium audits/,
    );
  });

  test.each([
    ["audit", true],
    ["enforce", false],
  ] as const)("%s is refused without the host firewall", (mode, policyAudit) => {
    expect(() => synthesize({ mode, cilium: { policyAudit, hostFirewall: false } })).toThrow(
      `HostPolicy: mode ${mode}: needs Cilium's host firewall: got hostFirewall false`,
    );
  });
});

describe("refuses", () => {
  test.each<[string, Partial<HostPolicyProps>, string]>([
    ["no management CIDR", { managementCidrs: [] }, "managementCidrs: must not be empty"],
    [
      "every address as one",
      { managementCidrs: [Subnet.parse("0.0.0.0/0")] },
      "must not hold every address: got 0.0.0.0/0",
    ],
    [
      "two allowances of one name",
      { ingress: [nas, nas] },
      'allowances: names must be unique: got "nas" twice',
    ],
    ["the name of a built-in one", { ingress: [{ ...nas, name: "etcd" }] }, 'got "etcd" twice'],
    [
      "an allowance without ports",
      { ingress: [{ ...nas, ports: [] }] },
      "allowance nas: peers and ports: must not be empty",
    ],
    [
      "an allowance without peers",
      { ingress: [{ ...nas, peers: [] }] },
      "allowance nas: peers and ports: must not be empty",
    ],
    [
      "a name as a source",
      { ingress: [{ ...nas, peers: [Peer.fqdn("a.example")] }] },
      "a name can only be a destination",
    ],
    [
      "a name as a destination",
      { egress: [{ ...nas, peers: [Peer.fqdn("a.example")] }] },
      "nodes resolve names past Cilium's DNS proxy",
    ],
  ])("%s", (_, props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });

  test("several at once", () => {
    expect(() =>
      synthesize({ managementCidrs: [], cilium: { policyAudit: true, hostFirewall: false } }),
    ).toThrow(/hostFirewall false[\s\S]*nothing would be enforced[\s\S]*must not be empty/);
  });
});
