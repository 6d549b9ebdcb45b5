import { CiliumLoadBalancerIPPool } from "@kubernetes-models/cilium/cilium.io/v2/CiliumLoadBalancerIPPool";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { USUAL_NAMES } from "../core/platform/names.ts";
import type { Ipv4Range } from "../core/values/ipv4-range.ts";

export interface LoadBalancerPoolProps {
  /** Name of the environment: the pool is `<prefix>-<environment>-pool`. */
  readonly environment: string;
  /** Beginning of its name. @default "homelab" */
  readonly prefix?: string;
  /** Addresses that a Service asks for with the annotation `io.cilium/lb-ipam-ips`. */
  readonly static: Ipv4Range;
  /** Addresses for Services that ask for none. */
  readonly automatic: Ipv4Range;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

export interface LoadBalancerPoolOutputs {
  readonly name: string;
}

/**
 * The addresses that Cilium's LB IPAM gives to Services of type LoadBalancer.
 *
 * One pool with two blocks, the automatic one first. LB IPAM takes an address for a Service that asks for none
 * from the first block with room, in the order of the list (`allocateIPAddress` in Cilium's
 * `operator/pkg/lbipam`), so a static address is handed out only when the automatic block is full. The old pool had
 * the blocks the other way round and gave static addresses away first.
 *
 * Why not two pools. A pool can be kept from Services only by a selector over their labels, name or namespace,
 * and the selector holds for requested addresses too. The Services that run ask by annotation and carry no label,
 * so a selective pool would take their addresses away. Once they all carry a label, a second pool can make the
 * separation strict.
 *
 * `cilium.io/v2`: v2alpha1 is deprecated since 1.18. The name stays for adoption. The API version is part of the
 * identity of the Terraform resource, so a pool that is in a state as v2alpha1 must be imported anew, not planned
 * over: replacing it takes every address away for a moment. The GitOps application `cilium-lb`
 * owns objects of the same name and must let go of them.
 *
 * Refused: ranges that overlap; a malformed environment.
 */
export class LoadBalancerPool extends Construct {
  readonly pool: CustomResource;
  readonly outputs: LoadBalancerPoolOutputs;

  constructor(scope: Construct, id: string, props: LoadBalancerPoolProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => problems(props) });
    const name = `${props.prefix ?? USUAL_NAMES.prefix}-${props.environment}-pool`;
    this.pool = new CustomResource(this, "pool", {
      object: new CiliumLoadBalancerIPPool({
        metadata: { name },
        spec: {
          blocks: [props.automatic, props.static].map(({ start, stop }) => ({
            start: start.toString(),
            stop: stop.toString(),
          })),
        },
      }),
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    this.outputs = { name };
  }
}

const problems = (props: LoadBalancerPoolProps): string[] => {
  const found: string[] = [];
  if (props.static.overlaps(props.automatic)) {
    found.push(
      `LoadBalancerPool: static and automatic: must not overlap: got ${props.static} and ${props.automatic}`,
    );
  }
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(props.environment)) {
    found.push(
      `LoadBalancerPool: environment: must be a DNS label: got ${JSON.stringify(props.environment)}`,
    );
  }
  return found;
};
