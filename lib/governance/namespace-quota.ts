import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE_SIZES, type NamespaceRequests, type NamespaceSize } from "./sizes.ts";

/** Kubernetes' own classes, above every workload: see `PRIORITIES`. */
const SYSTEM_PRIORITY_CLASSES = ["system-cluster-critical", "system-node-critical"];

export interface NamespaceQuotaProps {
  /** Name of the namespace. */
  readonly namespace: string;
  /** Named size that the quota comes from. */
  readonly size: NamespaceSize;
  /** Sum that its pods may request. @default - what the size allows */
  readonly requests?: NamespaceRequests;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The most that a namespace may use: CPU, memory and ephemeral storage requested and limited, pods, volume claims,
 * storage and load balancers; and no pod in a system priority class.
 *
 * A pod beyond the quota is refused when it is created; what runs already stays. A rolling update needs room for its
 * surge. Every container needs requests and limits under a quota: `LimitRange` gives them to those that have none,
 * so apply it first.
 */
export class NamespaceQuota extends Construct {
  /** The Terraform resource of the quota, to depend on. */
  readonly resource: ResourceQuotaV1;

  constructor(scope: Construct, id: string, props: NamespaceQuotaProps) {
    super(scope, id);
    const { namespace } = props;
    const { quota } = NAMESPACE_SIZES[props.size];
    const requests = props.requests ?? quota.requests;
    const dependsOn = props.dependsOn && { dependsOn: props.dependsOn };
    this.resource = new ResourceQuotaV1(this, "quota", {
      metadata: { name: "namespace", namespace },
      spec: {
        hard: {
          "requests.cpu": requests.cpu,
          "requests.memory": requests.memory,
          "requests.ephemeral-storage": quota.requests.ephemeralStorage,
          "limits.cpu": quota.limits.cpu,
          "limits.memory": quota.limits.memory,
          "limits.ephemeral-storage": quota.limits.ephemeralStorage,
          pods: String(quota.pods),
          persistentvolumeclaims: String(quota.persistentVolumeClaims),
          "requests.storage": quota.storage,
          "services.loadbalancers": String(quota.loadBalancers),
        },
      },
      ...dependsOn,
    });
    new ResourceQuotaV1(this, "no-system-priority", {
      metadata: { name: "no-system-priority", namespace },
      spec: {
        hard: { pods: "0" },
        scopeSelector: {
          matchExpression: [
            { scopeName: "PriorityClass", operator: "In", values: [...SYSTEM_PRIORITY_CLASSES] },
          ],
        },
      },
      ...dependsOn,
    });
  }
}
