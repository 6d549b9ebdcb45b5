import { CiliumClusterwideNetworkPolicy } from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PolicyMode } from "../../environments/policy-mode.ts";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import type { Allowance } from "./allowance.ts";
import { Peer } from "./peer.ts";

export interface DefaultDenyProps {
  /** The stage of default deny. */
  readonly mode: PolicyMode;
  /** The flows that stay open. */
  readonly allowances: readonly Allowance[];
  /** Constructs that must be there first: Cilium. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Default deny in both directions for every pod of the cluster, after the allowances that let the platform live.
 *
 * - The subjects are what has a namespace, and Cilium's health endpoints. `{}` would also cut off Cilium's ingress
 *   endpoint, which belongs to no pod.
 * - `ingress: [{}]` and `egress: [{}]` select no peer and turn default deny on; `enableDefaultDeny` alone is
 *   rejected by Cilium, and set to false the same policy denies nothing.
 * - The node's own processes (kubelet probes) always reach its pods.
 *
 * The deny depends on every allowance: it is created after them and destroyed before them.
 *
 * A policy that somebody edited by hand is put right by the next apply, whoever manages the fields by then.
 *
 * Refused: two allowances of one name.
 */
export class DefaultDeny extends Construct {
  /** All applied resources, for what must come after the network. */
  readonly resources: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DefaultDenyProps) {
    super(scope, id);
    const allowances = new Map(props.allowances.map((allowance) => [allowance.name, allowance.policy()]));
    const applied = [...allowances].map(
      ([name, object]) =>
        new CustomResource(this, name, { object, dependsOn: props.dependsOn, forceConflicts: true }).resource,
    );
    const deny = props.mode === "off" ? [] : [defaultDenyPolicy()];
    const denied = deny.map(
      (object) =>
        new CustomResource(this, "default-deny", {
          object,
          dependsOn: [...props.dependsOn, ...applied],
          forceConflicts: true,
        }).resource,
    );
    this.resources = [...applied, ...denied];
    this.node.addValidation({ validate: () => duplicates(props.allowances.map(({ name }) => name)) });
  }
}

/** The clusterwide policy that turns default deny on for every pod and health endpoint, in both directions. */
export const defaultDenyPolicy = (): CiliumClusterwideNetworkPolicy =>
  new CiliumClusterwideNetworkPolicy({
    metadata: { name: "platform-default-deny" },
    specs: [Peer.everyPod(), Peer.health()].map(({ selector }) => ({
      description: "Default deny in both directions; flows are opened by named allowances.",
      endpointSelector: selector,
      enableDefaultDeny: { ingress: true, egress: true },
      ingress: [{}],
      egress: [{}],
    })),
  });

const duplicates = (names: string[]): string[] =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `allowances: names must be unique: got ${JSON.stringify(name)} more than once`,
  );
