import {
  CiliumClusterwideNetworkPolicy,
  type ICiliumClusterwideNetworkPolicy,
} from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PolicyMode } from "../../environments/policy-mode.ts";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { egressRules, ingressRules } from "./allowance.ts";
import type { HostAllowance } from "./host-allowance.ts";
import { hostAllowances } from "./host-allowances.ts";
import type { HostPolicyRules } from "./host-policy-rules.ts";

type Spec = NonNullable<ICiliumClusterwideNetworkPolicy["specs"]>[number];
type NodeSelector = NonNullable<Spec["nodeSelector"]>;

/**
 * Every node, and those with an API server. Cilium drops labels that start with `kubernetes.io` from a node's
 * identity, so a selector on `kubernetes.io/hostname` or `kubernetes.io/os` would select nobody and say nothing.
 */
const SELECTORS: Readonly<Record<HostAllowance["nodes"], NodeSelector>> = {
  all: {},
  "control planes": {
    matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
  },
};

export interface HostPolicyProps extends HostPolicyRules {
  /** `off` applies nothing. `audit` and `enforce` must be what the whole agent does: see the class. */
  readonly mode: PolicyMode;
  /** Settings of the Cilium that enforces it. */
  readonly cilium: {
    /** True when Cilium only logs what policies would drop. */
    readonly policyAudit: boolean;
    /** True when policies can select nodes. */
    readonly hostFirewall: boolean;
  };
  /** Constructs that must be there first: Cilium. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Default deny for what reaches the nodes themselves, after the allowances that let them live. Host-network pods are
 * the node to a policy. Connections that a Service sends on to a pod are not the node's, and ARP is no IP: load
 * balancing and L2 announcements go on. The VIP moves by etcd's lease and needs nothing of its own.
 *
 * Audit first. Cilium's audit mode is one switch for the whole agent (`policyAuditMode`); the switch of a single
 * endpoint is set at run time and lost when the agent restarts. So nodes can be audited only while every policy is, and
 * cannot be enforced meanwhile. A mode that the agent would not honour is refused.
 *
 * Before `enforce`: the first enforcement can cut connections that were open before it (cilium/cilium#25448), and
 * a node can stay cut off after a reboot (cilium/cilium#48070, seen with 1.18.6 and WireGuard). Take one node at a time,
 * with a console at hand; `cilium-dbg endpoint config <host endpoint> PolicyAuditMode=Enabled` opens a node again.
 *
 * Refused: a mode that the agent does not run in; `audit` or `enforce` without the host firewall, under which these
 * policies would be accepted and do nothing; no management CIDR, a malformed one, or all addresses; two allowances of
 * one name. The environment's network proof judges the policies themselves.
 */
export class HostPolicy extends Construct {
  /** All applied resources. */
  readonly resources: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: HostPolicyProps) {
    super(scope, id);
    const refused = [...modeProblems(props), ...ruleProblems(props)];
    this.node.addValidation({ validate: () => refused.map((problem) => `HostPolicy: ${problem}`) });
    this.resources = [];
    if (refused.length > 0 || props.mode === "off") return;
    const { allowances, deny } = hostPolicies(props);
    const allowed = allowances.map((object) => {
      const name = object.metadata?.name ?? "";
      return new CustomResource(this, name, { object, dependsOn: props.dependsOn, forceConflicts: true })
        .resource;
    });
    const denied = new CustomResource(this, "default-deny", {
      object: deny,
      dependsOn: [...props.dependsOn, ...allowed],
      forceConflicts: true,
    });
    this.resources = [...allowed, denied.resource];
  }
}

/** The policies: allowances that deny nothing by themselves, and the deny that comes after them. */
export const hostPolicies = (
  rules: HostPolicyRules,
): {
  readonly allowances: readonly CiliumClusterwideNetworkPolicy[];
  readonly deny: CiliumClusterwideNetworkPolicy;
} => {
  const { ingress, egress } = hostAllowances(rules);
  const policy = (name: string, specs: Spec[]) =>
    new CiliumClusterwideNetworkPolicy({ metadata: { name: `platform-host-${name}` }, specs });
  const open = { enableDefaultDeny: { ingress: false, egress: false } };
  const inward = ingress.map(({ name, why, nodes, peers, ports }) =>
    policy(name, [
      {
        description: why,
        ...open,
        nodeSelector: SELECTORS[nodes],
        ingress: peers.flatMap((from) => ingressRules({ from, ports })),
      },
    ]),
  );
  const outward = egress.map(({ name, why, nodes, peers, ports }) =>
    policy(name, [
      {
        description: why,
        ...open,
        nodeSelector: SELECTORS[nodes],
        egress: peers.flatMap((to) => egressRules({ to, ports })),
      },
    ]),
  );
  const own = policy("own", [
    {
      description: "Processes of a node reach each other.",
      ...open,
      nodeSelector: SELECTORS.all,
      ingress: [{ fromEntities: ["host"] }],
      ...(rules.egress && { egress: [{ toEntities: ["cluster"] }] }),
    },
  ]);
  const deny = policy("default-deny", [
    {
      description: "Default deny for nodes; flows are opened by named allowances.",
      nodeSelector: SELECTORS.all,
      enableDefaultDeny: { ingress: true, egress: rules.egress !== undefined },
      ingress: [{}],
      ...(rules.egress && { egress: [{}] }),
    },
  ]);
  return { allowances: [own, ...inward, ...outward], deny };
};

const modeProblems = ({ mode, cilium }: HostPolicyProps): string[] => {
  if (mode === "off") return [];
  const { policyAudit, hostFirewall } = cilium;
  return [
    ...(hostFirewall ? [] : [`mode ${mode}: needs Cilium's host firewall: got hostFirewall false`]),
    ...(mode === "audit" && !policyAudit
      ? [
          "mode audit: nodes would be enforced at once: Cilium audits all policies or none, and policyAuditMode is off; " +
            "set the network policy mode to audit too, or the mode of the nodes to off or enforce",
        ]
      : []),
    ...(mode === "enforce" && policyAudit
      ? [
          "mode enforce: nothing would be enforced while Cilium audits all policies (policyAuditMode is on); " +
            "set the network policy mode to enforce, or the mode of the nodes to audit",
        ]
      : []),
  ];
};

const ruleProblems = (rules: HostPolicyRules): string[] => {
  const { ingress, egress } = hostAllowances({ ...rules, managementCidrs: [] });
  const names = [...ingress, ...egress].map(({ name }) => name).concat("own", "default-deny");
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(rules.managementCidrs.length === 0
      ? ["managementCidrs: must not be empty: operators would be locked out"]
      : []),
    ...rules.managementCidrs
      .filter(({ prefixLength }) => prefixLength === 0)
      .map((cidr) => `managementCidrs: must not hold every address: got ${cidr}`),
    ...[...new Set(twice)].map(
      (name) => `allowances: names must be unique: got ${JSON.stringify(name)} twice`,
    ),
    ...[...ingress, ...egress]
      .filter(({ peers, ports }) => peers.length === 0 || ports.length === 0)
      .map(({ name }) => `allowance ${name}: peers and ports: must not be empty`),
    ...ingress
      .filter(({ peers }) => peers.some(({ target }) => target.kind === "fqdn"))
      .map(({ name }) => `allowance ${name}: a name can only be a destination`),
    ...egress
      .filter(({ peers }) => peers.some(({ target }) => target.kind === "fqdn"))
      .map(({ name }) => `allowance ${name}: nodes resolve names past Cilium's DNS proxy: use addresses`),
  ];
};
