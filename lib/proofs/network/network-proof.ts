import { Construct, type IConstruct } from "constructs";
import type { Provable } from "../../core/synthesis/provable.ts";
import type { HostPolicyRules } from "../../network/host-policy-rules.ts";
import { type AppliedPolicies, appliedPolicies } from "./applied-policies.ts";
import { hostProblems } from "./host-proof.ts";
import { type ProofProps, proveCoexistence, proveNetwork } from "./prove.ts";

export interface NetworkProofProps extends ProofProps {
  /**
   * Where to look for policies that other constructs apply: they are proved together with `policies`. Those that
   * select nodes count when the host firewall is on.
   * @default - nothing else is applied
   */
  readonly stacks?: readonly IConstruct[];
  /**
   * The policies of nodes, of a finished roll-out, and what they were made from.
   * @default - nodes are under no policy
   */
  readonly hosts?: { readonly rules: HostPolicyRules; readonly policies: readonly unknown[] };
  /**
   * Policies of others that select the same pods, with a name for reports.
   * @default - none
   */
  readonly coexisting?: { readonly name: string; readonly policies: readonly unknown[] };
}

/**
 * Refuses synthesis when the network of an environment is not what it should be: see `proveNetwork`. With policies of
 * others beside ours, everything that must live has to live under both.
 */
export class NetworkProof extends Construct implements Provable {
  private decided = 0;

  constructor(scope: Construct, id: string, props: NetworkProofProps) {
    super(scope, id);
    this.node.addValidation({
      validate: () => {
        const applied = appliedPolicies(props.stacks ?? []);
        const complete = { ...props, policies: withOthers(props, applied) };
        const own = proveNetwork(complete);
        const underHostPolicy = props.hostFirewall && proveCoexistence(complete, applied.nodes);
        const both = props.coexisting && proveCoexistence(complete, props.coexisting.policies);
        const proofs = [own, underHostPolicy, both].filter((proof) => typeof proof === "object");
        this.decided = proofs.reduce((sum, { flows }) => sum + flows, 0);
        return [
          ...applied.problems,
          ...own.problems,
          ...(props.hosts ? hostProblems(props.hosts.policies, props.hosts.rules) : []).map(
            (problem) => `HostPolicy: ${problem}`,
          ),
          ...(underHostPolicy ? underHostPolicy.problems : []).map(
            (problem) => `with host policies: ${problem}`,
          ),
          ...(both?.problems ?? []).map((problem) => `with ${props.coexisting?.name}: ${problem}`),
        ];
      },
    });
  }

  /** Flows that were decided, once the validation has run. */
  get checks(): number {
    return this.decided;
  }
}

/** A policy for nodes does nothing without the host firewall, and the proof says so. */
const withOthers = ({ policies, hostFirewall }: ProofProps, { pods, nodes }: AppliedPolicies): unknown[] => {
  const name = (policy: unknown) => JSON.stringify(policy);
  const known = new Set(policies.map(name));
  return [...policies, ...[...pods, ...(hostFirewall ? [] : nodes)].filter((one) => !known.has(name(one)))];
};
