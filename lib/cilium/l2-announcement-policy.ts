import { CiliumL2AnnouncementPolicy } from "@kubernetes-models/cilium/cilium.io/v2alpha1/CiliumL2AnnouncementPolicy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { USUAL_NAMES } from "../core/platform/names.ts";

/** Go's RE2 has neither lookaround nor backreferences. */
const NOT_RE2 = /\(\?<?[=!]|\\[1-9]/;

/** A node that could announce addresses. */
export interface AnnouncingNode {
  readonly name: string;
  readonly role: "controlplane" | "worker";
  /** Name of its interface in the services network, e.g. `enp3s0.201`. */
  readonly interface: string;
}

export interface L2AnnouncementPolicyProps {
  /** Name of the environment: the policy is `<prefix>-<environment>-l2`. */
  readonly environment: string;
  /** Beginning of its name. @default "homelab" */
  readonly prefix?: string;
  /** Regular expressions (Go syntax) of the interfaces that announce; one match is enough. */
  readonly interfaces: readonly string[];
  /** All nodes of the cluster; each that announces must have a matching interface. */
  readonly nodes: readonly AnnouncingNode[];
  /**
   * `converged`: every node announces. `dedicated`: control planes do not, because the announcer of an address
   * carries all of its traffic.
   */
  readonly controlPlane: "converged" | "dedicated";
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

export interface L2AnnouncementPolicyOutputs {
  readonly name: string;
  /** Names of the nodes that answer for the addresses. */
  readonly announcers: readonly string[];
}

/**
 * Selects the nodes, and their interfaces, that answer ARP for the addresses of Services.
 *
 * Every Service is announced, its load-balancer address and its external ones. `cilium.io/v2alpha1` is the
 * only version of this kind in Cilium 1.18 to 1.20. The GitOps application `cilium-lb` owns an object of the same
 * name and must let go of it. A Service with `externalTrafficPolicy: Local` does not work with it: the announcer
 * need not run one of its pods.
 *
 * Refused: no expression; one that Go's RE2 cannot read; no node that announces; an announcing node whose
 * interface no expression matches, for it would take a lease and never answer; a malformed environment.
 */
export class L2AnnouncementPolicy extends Construct {
  readonly policy: CustomResource;
  readonly outputs: L2AnnouncementPolicyOutputs;

  constructor(scope: Construct, id: string, props: L2AnnouncementPolicyProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => problems(props) });
    const name = `${props.prefix ?? USUAL_NAMES.prefix}-${props.environment}-l2`;
    this.policy = new CustomResource(this, "policy", {
      object: new CiliumL2AnnouncementPolicy({
        metadata: { name },
        spec: {
          externalIPs: true,
          loadBalancerIPs: true,
          interfaces: [...props.interfaces],
          nodeSelector:
            props.controlPlane === "converged"
              ? {}
              : {
                  matchExpressions: [
                    { key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" },
                  ],
                },
        },
      }),
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    this.outputs = { name, announcers: announcers(props).map((node) => node.name) };
  }
}

const announcers = ({ nodes, controlPlane }: L2AnnouncementPolicyProps): AnnouncingNode[] =>
  nodes.filter(({ role }) => controlPlane === "converged" || role === "worker");

const isReadable = (expression: string): boolean => {
  try {
    new RegExp(expression);
    return !NOT_RE2.test(expression);
  } catch {
    return false;
  }
};

const problems = (props: L2AnnouncementPolicyProps): string[] => {
  const { environment, interfaces } = props;
  const found = interfaces
    .filter((expression) => !isReadable(expression))
    .map(
      (expression) =>
        `interfaces: must be regular expressions that Go reads: got ${JSON.stringify(expression)}`,
    );
  if (interfaces.length === 0) found.push("interfaces: must not be empty: got []");
  if (announcers(props).length === 0) {
    found.push(`nodes: one must announce (controlPlane is "${props.controlPlane}"): got none`);
  }
  if (found.length === 0) {
    const matching = interfaces.map((expression) => new RegExp(expression));
    for (const node of announcers(props)) {
      if (!matching.some((expression) => expression.test(node.interface))) {
        found.push(
          `interfaces: one must match ${node.interface} of node ${node.name}: got ${JSON.stringify(interfaces)}`,
        );
      }
    }
  }
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(environment)) {
    found.push(`environment: must be a DNS label: got ${JSON.stringify(environment)}`);
  }
  return found.map((problem) => `L2AnnouncementPolicy: ${problem}`);
};
