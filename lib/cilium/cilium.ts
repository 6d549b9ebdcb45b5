import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PolicyMode } from "../../environments/policy-mode.ts";
import { chartVersionProblems, type Overrides, overlay, toYaml } from "../core/helm/values.ts";
import { type CiliumValues, ciliumValues } from "./values.ts";

const REPOSITORY = "https://helm.cilium.io/";
const CHART = "cilium";
const NAMESPACE = "kube-system";
/**
 * Seconds for one operation of Helm: images come over a home uplink, then nodes roll one after the other. The same
 * for any number of nodes, so that a new node does not change the release.
 */
const TIMEOUT = 1200;

export interface CiliumProps {
  /** Exact version of the chart, which is Cilium's own version, e.g. `1.18.3`. */
  readonly version: string;
  /** Number of nodes, workers included; decides how many operators run. */
  readonly nodeCount: number;
  /** The most Services of type LoadBalancer that may exist; sizes the agent's API client. */
  readonly loadBalancerServices: number;
  /**
   * The stage of default deny. `audit` turns on Cilium's audit mode, which is for the whole agent: no policy of the
   * cluster is enforced then, those of the applications included; what they would drop is logged.
   */
  readonly policyMode: PolicyMode;
  /**
   * Puts the nodes themselves under policies with a node selector, see `HostPolicy`. Without such a policy nodes stay
   * open.
   * @default false
   */
  readonly hostFirewall?: boolean;
  /** @default false */
  readonly gatewayApi?: boolean;
  /**
   * Values laid over the ones of `ciliumValues`; lists are replaced whole.
   * @default - none
   */
  readonly overrides?: Overrides<CiliumValues>;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

export interface CiliumOutputs {
  readonly version: string;
  readonly namespace: string;
  /** True when policies are only reported. */
  readonly policyAudit: boolean;
  /** True when policies with a node selector have an effect. */
  readonly hostFirewall: boolean;
}

/**
 * Cilium on Talos, by its Helm chart: CNI, kube-proxy replacement, L2 announcements, Hubble.
 *
 * `wait` proves that an agent runs, by way of the certificate Job. Helm counts a DaemonSet as ready at its desired
 * number less `maxUnavailable` (helm v3.18.5, `pkg/kube/ready.go`), so on one node it waits for nobody. The gate is
 * the certificate Job: it is a post-install hook, which Helm always awaits, and its pod needs a Ready node, the pod
 * network and the API server's Service address. So when the release is there, an agent runs, and with it the CRDs
 * that the operator registers: objects of Cilium's kinds may depend on `release`. The Job (`hubble.tls.auto.method:
 * cronJob`) also renews Hubble's certificates; the chart's default method keeps the first ones for ever, and they
 * last a year. Network policies must let pods `k8s-app: hubble-generate-certs` reach the API server. A release that
 * still has the default method loses its certificates at the change and gets new ones at its end; Hubble pauses
 * meanwhile, the network does not.
 *
 * Two settings are left out on purpose. `atomic`: taking the network away from a running cluster is worse than a
 * failed release. `prevent_destroy`: a first install that runs out of time must be replaceable.
 *
 * Pods roll when their configuration changes; the chart's default leaves agents on the old one, so a move from
 * `audit` to `enforce` would change nothing.
 *
 * Refused: a version that is not exact; a node count below 1; a number of Services below 0.
 */
export class Cilium extends Construct {
  readonly values: CiliumValues;
  /** The Terraform resource, to depend on. */
  readonly release: Release;
  readonly outputs: CiliumOutputs;

  constructor(scope: Construct, id: string, props: CiliumProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => problems(props) });
    this.values = overlay(ciliumValues(props), props.overrides);
    this.release = new Release(this, "release", {
      name: "cilium",
      repository: REPOSITORY,
      chart: CHART,
      version: props.version,
      namespace: NAMESPACE,
      createNamespace: false,
      values: [toYaml(this.values)],
      wait: true,
      waitForJobs: true,
      timeout: TIMEOUT,
      maxHistory: 5,
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    this.outputs = {
      version: props.version,
      namespace: NAMESPACE,
      policyAudit: this.values.policyAuditMode,
      hostFirewall: this.values.hostFirewall.enabled,
    };
  }
}

const problems = (props: CiliumProps): string[] => [
  ...chartVersionProblems(CHART, props.version),
  ...integerProblems("nodeCount", props.nodeCount, 1),
  ...integerProblems("loadBalancerServices", props.loadBalancerServices, 0),
];

const integerProblems = (field: string, value: number, least: number): string[] =>
  Number.isInteger(value) && value >= least
    ? []
    : [`Cilium: ${field}: must be a whole number of at least ${least}: got ${value}`];
