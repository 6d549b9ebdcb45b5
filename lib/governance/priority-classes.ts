import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/**
 * The priority classes of workloads, highest first.
 *
 * Pods that the cluster cannot run without have a class of Kubernetes' own; every one of ours lies below, so that no
 * workload can ever push it off a node:
 *
 * | class | value | who |
 * |---|---|---|
 * | `system-node-critical` | 2000001000 | cilium-agent, cilium-envoy: without them a node has no network |
 * | `system-cluster-critical` | 2000000000 | API server, controller manager, scheduler (Talos' static pods), CoreDNS, cilium-operator |
 * | `vixens-critical` … `vixens-low` | 100000 … 0 | everything else |
 *
 * Sources: Talos v1.12.4 `control_plane_static_pod.go`, `coredns.go`; chart cilium 1.18.3, whose
 * `enableCriticalPriorityClass` is true by default. `NamespaceQuota` refuses pods that give themselves a system class.
 */
export const PRIORITY_CLASSES = [
  {
    name: "vixens-critical",
    value: 100_000,
    description: "Others stop working without it: gateway, GitOps, secrets, storage drivers, DNS, databases.",
  },
  {
    name: "vixens-high",
    value: 50_000,
    description: "The household notices at once: authentication, home automation, monitoring, backups.",
  },
  {
    name: "vixens-medium",
    value: 10_000,
    description: "Applications that people use and can miss for an hour.",
  },
  {
    name: "vixens-low",
    value: 0,
    description: "Batch work and experiments: first to go when a node is lost.",
  },
] as const;

export type PriorityClassName = (typeof PRIORITY_CLASSES)[number]["name"];

export interface PriorityClassesProps {
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The four classes of `PRIORITY_CLASSES` in a cluster.
 *
 * None is the global default. A pod without a class has priority 0 already, the value of `vixens-low`, so a default
 * would change nothing but the name; any higher one would silently lift every pod that nobody classified, among them
 * those of operators, above the pods that somebody put at the bottom on purpose.
 *
 * The value of a class cannot change in Kubernetes: Terraform would replace it, and between the two steps pods that
 * name it are refused. So a class cannot be destroyed by a plan.
 */
export class PriorityClasses extends Construct {
  private readonly classes: readonly PriorityClassV1[];

  constructor(scope: Construct, id: string, props: PriorityClassesProps = {}) {
    super(scope, id);
    this.classes = PRIORITY_CLASSES.map(
      ({ name, value, description }) =>
        new PriorityClassV1(this, name, {
          metadata: { name },
          value,
          description,
          globalDefault: false,
          lifecycle: { preventDestroy: true },
          ...(props.dependsOn && { dependsOn: props.dependsOn }),
        }),
    );
  }

  /** The Terraform resources, for what must not start before its class exists. */
  get resources(): PriorityClassV1[] {
    return [...this.classes];
  }
}
