import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  L2AnnouncementPolicy,
  type L2AnnouncementPolicyProps,
} from "../../../lib/cilium/l2-announcement-policy.ts";
import { synthPlatform } from "../../platform.ts";
import { onlyResource } from "../../synth.ts";

const PROPS: L2AnnouncementPolicyProps = {
  environment: "prod",
  interfaces: ["^en.*\\.201$"],
  nodes: [
    { name: "powder", role: "controlplane", interface: "enp3s0.201" },
    { name: "pearl", role: "worker", interface: "enp1s0.201" },
  ],
  controlPlane: "converged",
};

const build = (props: Partial<L2AnnouncementPolicyProps> = {}) => {
  const [policy, stack] = synthPlatform((s) => new L2AnnouncementPolicy(s, "policy", { ...PROPS, ...props }));
  return { policy, object: parse(onlyResource(stack, "kubectl_manifest").yaml_body as string) };
};

test("announces every Service from every node of a converged cluster", () => {
  const { policy, object } = build();
  expect(object).toEqual({
    apiVersion: "cilium.io/v2alpha1",
    kind: "CiliumL2AnnouncementPolicy",
    metadata: { name: "homelab-prod-l2" },
    spec: {
      externalIPs: true,
      loadBalancerIPs: true,
      interfaces: ["^en.*\\.201$"],
      nodeSelector: {},
    },
  });
  expect(policy.outputs).toEqual({ name: "homelab-prod-l2", announcers: ["powder", "pearl"] });
});

test("spares dedicated control planes", () => {
  const { policy, object } = build({ controlPlane: "dedicated" });
  expect(object.spec.nodeSelector).toEqual({
    matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" }],
  });
  expect(policy.outputs.announcers).toEqual(["pearl"]);
});

test("a node that does not announce needs no interface", () => {
  const nodes = PROPS.nodes.map((node) => (node.role === "worker" ? node : { ...node, interface: "eth0" }));
  expect(build({ nodes, controlPlane: "dedicated" }).object.metadata.name).toBe("homelab-prod-l2");
});

test("several expressions serve several kinds of interface", () => {
  const nodes = [...PROPS.nodes, { name: "peach", role: "worker", interface: "eth0.201" }] as const;
  expect(build({ nodes, interfaces: ["^en.*\\.201$", "^eth0\\.201$"] }).object.spec.interfaces).toHaveLength(
    2,
  );
});

describe("refuses", () => {
  test("an interface that no expression matches, naming the node", () => {
    expect(() => build({ interfaces: ["^eth1$"] })).toThrow(
      /one must match enp3s0\.201 of node powder: got \["\^eth1\$"\][\s\S]*enp1s0\.201 of node pearl/,
    );
  });

  test("no expression", () => {
    expect(() => build({ interfaces: [] })).toThrow("interfaces: must not be empty: got []");
  });

  test.each(["(", "^en(?=p)", "(?<!x)en", "(en)\\1"])(
    "the expression %j, which Go cannot read",
    (expression) => {
      expect(() => build({ interfaces: [expression] })).toThrow(
        `interfaces: must be regular expressions that Go reads: got ${JSON.stringify(expression)}`,
      );
    },
  );

  test("a dedicated control plane without workers", () => {
    const nodes = PROPS.nodes.filter(({ role }) => role === "controlplane");
    expect(() => build({ nodes, controlPlane: "dedicated" })).toThrow(
      'nodes: one must announce (controlPlane is "dedicated"): got none',
    );
  });

  test("a malformed environment", () => {
    expect(() => build({ environment: "Prod" })).toThrow('environment: must be a DNS label: got "Prod"');
  });
});
