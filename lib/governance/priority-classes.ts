import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { USUAL_NAMES } from "../core/platform/names.ts";

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
 * | `<prefix>-critical` … `<prefix>-low` | 100000 … 0 | everything else |
 *
 * Sources: Talos v1.12.4 `control_plane_static_pod.go`, `coredns.go`; chart cilium 1.18.3, whose
 * `enableCriticalPriorityClass` is true by default. `NamespaceQuota` refuses pods that give themselves a system class.
 */
export const PRIORITIES = {
  critical: {
    value: 100_000,
    description: "Others stop working without it: gateway, GitOps, secrets, storage drivers, DNS, databases.",
  },
  high: {
    value: 50_000,
    description: "The household notices at once: authentication, home automation, monitoring, backups.",
  },
  medium: {
    value: 10_000,
    description: "Applications that people use and can miss for an hour.",
  },
  low: {
    value: 0,
    description: "Batch work and experiments: first to go when a node is lost.",
  },
} as const;

export type Priority = keyof typeof PRIORITIES;

/** Name of a class in a cluster, e.g. `homelab-high`. */
export const priorityClassName = (prefix: string, priority: Priority): string => `${prefix}-${priority}`;

/** Kubernetes' own classes, and the value of a pod without one. Source: pkg/apis/scheduling/v1. */
const SYSTEM_CLASSES: readonly (readonly [string, number])[] = [
  ["", 0],
  ["system-node-critical", 2_000_001_000],
  ["system-cluster-critical", 2_000_000_000],
];

/** Values of all classes of a cluster, by name. */
export const priorityValues = (prefix: string = USUAL_NAMES.prefix): ReadonlyMap<string, number> =>
  new Map([
    ...SYSTEM_CLASSES,
    ...Object.entries(PRIORITIES).map(([priority, { value }]) => [`${prefix}-${priority}`, value] as const),
  ]);

export interface PriorityClassesProps {
  /** Beginning of the classes' names. @default "homelab" */
  readonly prefix?: string;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The four classes of `PRIORITIES` in a cluster.
 *
 * None is the global default. A pod without a class has priority 0 already, the value of `<prefix>-low`, so a default
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
    const { prefix = USUAL_NAMES.prefix, dependsOn } = props;
    this.classes = Object.entries(PRIORITIES).map(([priority, { value, description }]) => {
      const name = `${prefix}-${priority}`;
      return new PriorityClassV1(this, name, {
        metadata: { name },
        value,
        description,
        globalDefault: false,
        lifecycle: { preventDestroy: true },
        ...(dependsOn && { dependsOn }),
      });
    });
  }

  /** The Terraform resources, for what must not start before its class exists. */
  get resources(): PriorityClassV1[] {
    return [...this.classes];
  }
}
