import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { PolicyMode } from "../../../environments/policy-mode.ts";
import { nodePolicyOf } from "../../app/node-policy.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import type { Problem } from "../../core/synthesis/problem-report.ts";
import { remembered } from "../../core/synthesis/proof-memory.ts";
import type { Provable } from "../../core/synthesis/provable.ts";
import type { TerraformJson } from "../../core/synthesis/terraform-json.ts";
import { defaultDenyPolicy } from "../../network/default-deny.ts";
import { hostPolicies } from "../../network/host-policy.ts";
import type { HostPolicyRules } from "../../network/host-policy-rules.ts";
import { type PlatformPod, platformPods } from "../../network/platform-pods.ts";
import { type AppliedPolicies, appliedPolicies } from "./applied-policies.ts";
import { hostProblems } from "./host-proof.ts";
import { type Neighbours, neighbourPods } from "./neighbours.ts";
import { type ProofProps, proveCoexistence, proveNetwork, silentDenials } from "./prove.ts";
import { unrenderedApps, unrenderedPlatformPods } from "./rendered-pods.ts";

export interface NetworkProofProps extends Omit<ProofProps, "policies" | "hostFirewall" | "ciliumVersion"> {
  /**
   * The apps, whose selectors must match what their charts render.
   * @default - none
   */
  readonly resolved?: readonly ResolvedApp[];
  /** The stage of the roll-out of default deny. */
  readonly mode: PolicyMode;
  /** The stacks of the environment: whatever policy they apply is proved, whoever wrote it. */
  readonly stacks: readonly TerraformStack[];
  /**
   * The rules that the policies of nodes were made from.
   * @default - nodes are under no policy
   */
  readonly hosts?: HostPolicyRules;
  /**
   * The GitOps side: its policies select the same pods, and its pods are under ours. `problem` says why nothing may be
   * concluded from it.
   * @default - there is none
   */
  readonly coexisting?: Neighbours & { readonly problem?: string | undefined };
}

/**
 * Refuses synthesis when the network of an environment is not what it should be: see `proveNetwork`. With policies of
 * others beside ours, everything that must live has to live under both.
 *
 * It reads the Terraform JSON, and no construct: what is not sent is not there. Where default deny is not enforced
 * yet, the finished roll-out is proved, and what runs until then is read for policies that deny by themselves.
 */
export class NetworkProof extends Construct implements Provable {
  private decided = 0;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkProofProps,
  ) {
    super(scope, id);
  }

  /** Flows that were decided, once the stacks are judged. */
  get checks(): number {
    return this.decided;
  }

  problemsOf(stacks: ReadonlyMap<string, TerraformJson>): Problem[] {
    const { props } = this;
    const written = props.stacks.flatMap(({ node: { id } }) => stacks.get(id) ?? []);
    const applied = appliedPolicies(written);
    const { cilium } = applied;
    if (!cilium)
      return alone("", ["no stack applies a release of Cilium, so that no policy would do anything"]);
    const { hostFirewall, version: ciliumVersion } = cilium;
    // A policy for nodes does nothing without the host firewall, and the proof says so.
    const sent = [...applied.pods, ...(hostFirewall ? [] : applied.nodes)];
    const finished = props.mode === "off" ? [...sent, defaultDenyPolicy()] : sent;
    const { coexisting, mode } = props;
    const neighbours = coexisting ? neighbourPods(coexisting) : [];
    const complete = { ...told(props), ciliumVersion, hostFirewall, policies: finished, neighbours };
    const own = remembered("network", proveNetwork, complete);
    const underHostPolicy = hostFirewall
      ? remembered("coexistence", proveCoexistence, complete, applied.nodes)
      : undefined;
    const both =
      coexisting &&
      remembered("coexistence", proveCoexistence, complete, coexisting.policies, {
        ...besideOf(coexisting),
        enforced: mode === "enforce",
      });
    const proofs = [own, underHostPolicy, both].filter((proof) => proof !== undefined);
    this.decided = proofs.reduce((sum, { flows }) => sum + flows, 0);
    const silent =
      props.mode === "enforce"
        ? []
        : remembered(
            "silent denials",
            silentDenials,
            complete,
            sent.filter((policy) => !isDefaultDeny(policy)),
          );
    return [
      ...alone("", [
        ...applied.problems,
        ...modeProblems(props.mode, applied),
        ...unsent(props, applied),
        ...unrenderedPlatformPods(written, expectedPods(props)),
        ...unrenderedApps(props.resolved ?? []),
      ]),
      ...own.findings,
      ...alone(`while the mode is ${props.mode}: `, silent),
      ...alone("HostPolicy: ", props.hosts ? hostProblems(applied.nodes, props.hosts) : []),
      ...prefixed("with host policies: ", underHostPolicy?.findings),
      ...alone("", coexisting?.problem === undefined ? [] : [coexisting.problem]),
      ...prefixed("with the GitOps side's policies: ", both?.findings),
    ];
  }
}

/** Whatever the proof of flows reads of the props: by it the proof is remembered. */
const told = ({
  repository,
  backupEndpoint,
  apps,
  demands = [],
  allowances,
  declaredByApps = [],
}: NetworkProofProps) => ({ repository, backupEndpoint, apps, demands, allowances, declaredByApps });

const besideOf = ({ pods, policies, needs, namespaces, unread }: Neighbours): Neighbours => ({
  pods,
  policies,
  needs,
  namespaces,
  unread,
});

/** Pods of the platform; without a backup none makes one. */
const expectedPods = ({ backupEndpoint }: NetworkProofProps): Readonly<Record<string, PlatformPod>> => {
  const { etcdBackup, ...others } = platformPods;
  return backupEndpoint === undefined ? others : { ...others, etcdBackup };
};

const alone = (prefix: string, texts: readonly string[]): Problem[] =>
  prefixed(
    prefix,
    texts.map((text) => ({ cause: text, text })),
  );

const prefixed = (prefix: string, problems: readonly Problem[] = []): Problem[] =>
  problems.map(({ cause, text }) => ({ cause: `${prefix}${cause}`, text: `${prefix}${text}` }));

const DENY = defaultDenyPolicy().metadata?.name;

const isDefaultDeny = (policy: unknown): boolean => nameOf(policy) === DENY;

/** Policies that are meant to be there, and that no stack applies. */
const unsent = (props: NetworkProofProps, { pods, nodes }: AppliedPolicies): string[] => {
  const sent = new Set([...pods, ...nodes].map(nameOf));
  const { allowances, declaredByApps = [], hosts } = props;
  const host = hosts ? hostPolicies(hosts) : undefined;
  const meant = [
    ...[...allowances, ...declaredByApps].map(({ name }) => name),
    ...(host ? [...host.allowances, host.deny].map(nameOf) : []),
    ...(host ? declaredByApps.flatMap((allowance) => nodePolicyOf(allowance) ?? []).map(nameOf) : []),
  ];
  return meant.filter((name) => !sent.has(name)).map((name) => `no stack applies the policy ${name}`);
};

const nameOf = (policy: unknown): unknown => (policy as { metadata?: { name?: unknown } }).metadata?.name;

/** Problems where the release of Cilium, or the policies that are sent, do not do what the mode says. */
const modeProblems = (mode: PolicyMode, { pods, cilium }: AppliedPolicies): string[] => {
  const denies = pods.some(isDefaultDeny);
  return [
    ...(mode !== "off" && !denies ? [`mode ${mode}: no stack applies ${DENY}`] : []),
    ...(mode === "off" && denies ? [`mode off: must not apply the policy ${DENY}`] : []),
    ...(mode !== "off" && cilium?.audits !== (mode === "audit")
      ? [`mode ${mode}: Cilium's policyAuditMode must be ${mode === "audit"}: got ${cilium?.audits}`]
      : []),
    ...(cilium?.enforcement === "default"
      ? []
      : [
          `Cilium's policyEnforcementMode must be default, which the proofs know: got ${cilium?.enforcement}`,
        ]),
  ];
};
