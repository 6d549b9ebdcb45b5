/** Objects as Helm renders them, in Kubernetes' own shape, with only those fields that a proof reads. */

export interface RenderedMetadata {
  readonly name: string;
  /** Always there on an object of a namespace. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Without checksums. */
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: RenderedMetadata;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export type ResourceAmounts = Readonly<Record<string, string | number>>;

/** A container; a probe keeps which port it asks, a variable its name. */
export interface RenderedContainer {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly hostPort?: number;
    readonly protocol?: string;
  }[];
  readonly resources?: {
    readonly requests?: ResourceAmounts;
    readonly limits?: ResourceAmounts;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  /** `Always` makes a sidecar of an init container. */
  readonly restartPolicy?: string;
  readonly livenessProbe?: Readonly<Record<string, unknown>>;
  readonly readinessProbe?: Readonly<Record<string, unknown>>;
  readonly startupProbe?: Readonly<Record<string, unknown>>;
  readonly env?: readonly { readonly name: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A volume: its name and one more field, which says the kind; sources keep names, claims and paths. */
export interface RenderedVolume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly hostPath?: { readonly path: string };
  readonly [kind: string]: unknown;
}

export interface RenderedPodSpec {
  readonly containers: readonly RenderedContainer[];
  readonly initContainers?: readonly RenderedContainer[];
  readonly volumes?: readonly RenderedVolume[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly hostUsers?: boolean;
  readonly priorityClassName?: string;
  readonly restartPolicy?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints?: readonly Readonly<Record<string, unknown>>[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

export interface RenderedPodTemplate {
  readonly metadata: Omit<RenderedMetadata, "name" | "namespace">;
  readonly spec: RenderedPodSpec;
}

/** A claim, or the template of one in a StatefulSet. */
export interface RenderedClaim {
  readonly metadata: RenderedMetadata;
  readonly spec: {
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: ResourceAmounts };
  };
}

/** Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod; `podTemplateOf` finds its pod. */
export interface Workload extends RenderedObject {
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly replicas?: number;
    readonly selector?: LabelSelector;
    readonly template?: RenderedPodTemplate;
    readonly volumeClaimTemplates?: readonly RenderedClaim[];
  };
}

export interface RenderedService extends RenderedObject {
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: string | number;
      readonly protocol?: string;
      readonly nodePort?: number;
    }[];
  };
}

export interface RenderedDisruptionBudget extends RenderedObject {
  readonly spec: {
    readonly minAvailable?: string | number;
    readonly maxUnavailable?: string | number;
    readonly selector?: LabelSelector;
  };
}

/** A validating or mutating webhook configuration. */
export interface RenderedWebhooks extends RenderedObject {
  readonly webhooks: readonly {
    readonly name: string;
    readonly failurePolicy?: string;
    readonly rules?: readonly Readonly<Record<string, unknown>>[];
    readonly namespaceSelector?: LabelSelector;
    readonly objectSelector?: LabelSelector;
    readonly service?: { readonly namespace: string; readonly name: string; readonly port?: number };
  }[];
}

/** A kind that a chart's definition brings. */
export interface DefinedKind {
  readonly group: string;
  readonly kind: string;
  readonly scope: "Namespaced" | "Cluster";
}

/** The pod of a workload. */
export const podTemplateOf = ({ kind, metadata, spec }: Workload): RenderedPodTemplate => {
  const template =
    kind === "Pod"
      ? { metadata, spec: spec as unknown as RenderedPodSpec }
      : kind === "CronJob"
        ? (spec.jobTemplate as { spec: { template: RenderedPodTemplate } }).spec.template
        : spec.template;
  if (template === undefined) throw new Error(`${kind} ${metadata.name}: must have a pod template`);
  return template;
};
