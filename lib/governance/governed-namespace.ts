import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type PodSecurityStandard, podSecurityLabels } from "../core/kubernetes/pod-security.ts";
import { LimitRange } from "./limit-range.ts";
import { NamespaceQuota } from "./namespace-quota.ts";
import type { NamespaceRequests, NamespaceSize } from "./sizes.ts";

export interface GovernedNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /** Named size of its quota and limit range. */
  readonly size: NamespaceSize;
  /** Pod Security Standard that the namespace enforces. */
  readonly podSecurity: PodSecurityStandard;
  /** Sum that its pods may request: see `NamespaceQuota`. @default - what the size allows */
  readonly requests?: NamespaceRequests;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A namespace with its Pod Security Standard, a quota and a limit range of one named size.
 *
 * Destroying a namespace destroys everything in it, so no plan may: the construct's removal has to be a reviewed
 * step of its own (`removed`, or `terraform state rm`).
 *
 * Refused: a name that is not a DNS label; the namespaces that belong to Kubernetes.
 */
export class GovernedNamespace extends Construct {
  readonly name: string;
  readonly size: NamespaceSize;
  readonly quota: NamespaceQuota;
  readonly limitRange: LimitRange;
  /** The Terraform resource. */
  readonly namespace: NamespaceV1;

  constructor(scope: Construct, id: string, props: GovernedNamespaceProps) {
    super(scope, id);
    this.name = props.name;
    this.size = props.size;
    this.node.addValidation({ validate: () => nameProblems(props.name) });

    const dependsOn = props.dependsOn && { dependsOn: props.dependsOn };
    this.namespace = new NamespaceV1(this, "namespace", {
      metadata: { name: props.name, labels: podSecurityLabels(props.podSecurity) },
      lifecycle: { preventDestroy: true },
      ...dependsOn,
    });
    const namespace = this.namespace.metadata.name;
    this.limitRange = new LimitRange(this, "limit-range", { namespace, size: props.size, ...dependsOn });
    this.quota = new NamespaceQuota(this, "quota", {
      namespace,
      size: props.size,
      ...(props.requests && { requests: props.requests }),
      dependsOn: [...(props.dependsOn ?? []), this.limitRange.resource],
    });
  }
}

const nameProblems = (name: string): string[] => {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    return [`namespace: must be a DNS label of at most 63 characters: got ${JSON.stringify(name)}`];
  }
  return name === "default" || name.startsWith("kube-")
    ? [`namespace: must not be one of Kubernetes' own, where a quota stops the cluster: got "${name}"`]
    : [];
};
