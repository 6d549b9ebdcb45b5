import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type PodSecurityStandard, podSecurityLabels } from "../core/kubernetes/pod-security.ts";

export interface PlatformNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /** Pod Security Standard that the namespace enforces. */
  readonly podSecurity: PodSecurityStandard;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A namespace of the platform itself, with its Pod Security Standard and without a quota: what its pods request is
 * set aside before the quotas of all others (`platform-reservation.ts`), and a quota must not keep them from
 * starting again.
 *
 * No plan may destroy it: with a namespace goes everything in it.
 */
export class PlatformNamespace extends Construct {
  /** The Terraform resource, to depend on. */
  readonly resource: NamespaceV1;

  constructor(scope: Construct, id: string, { name, podSecurity, dependsOn }: PlatformNamespaceProps) {
    super(scope, id);
    this.resource = new NamespaceV1(this, "namespace", {
      metadata: { name, labels: podSecurityLabels(podSecurity) },
      lifecycle: { preventDestroy: true },
      ...(dependsOn && { dependsOn }),
    });
  }
}
