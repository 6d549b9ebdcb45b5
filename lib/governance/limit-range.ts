import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type ComputeAmounts, NAMESPACE_SIZES, type NamespaceSize } from "./sizes.ts";

export interface LimitRangeProps {
  /** Name of the namespace. */
  readonly namespace: string;
  /** Named size that the limits come from. */
  readonly size: NamespaceSize;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

const amounts = ({ cpu, memory, ephemeralStorage }: ComputeAmounts) => ({
  cpu,
  memory,
  "ephemeral-storage": ephemeralStorage,
});

/**
 * Requests and limits of containers that state none, and the most that one container may have.
 *
 * A container that states a limit and no request gets its limit as request, as Kubernetes does it. Pods that run
 * already keep what they have.
 */
export class LimitRange extends Construct {
  /** The Terraform resource, to depend on. */
  readonly resource: LimitRangeV1;

  constructor(scope: Construct, id: string, props: LimitRangeProps) {
    super(scope, id);
    const { defaultRequest, defaultLimit, max } = NAMESPACE_SIZES[props.size].container;
    this.resource = new LimitRangeV1(this, "limit-range", {
      metadata: { name: "containers", namespace: props.namespace },
      spec: {
        limit: [
          {
            type: "Container",
            defaultRequest: amounts(defaultRequest),
            default: amounts(defaultLimit),
            max: { ...max },
          },
        ],
      },
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
  }
}
