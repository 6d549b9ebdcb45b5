/** Amounts as Kubernetes quantities: CPU in cores, everything else in bytes. */
export interface ComputeAmounts {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
}

/** Limits of a namespace of one size: its total, and the defaults and bounds of a container in it. */
export interface NamespaceSizeLimits {
  /** Sum over the namespace. Requests are what the capacity check counts; limits bound the burst. */
  readonly quota: {
    readonly requests: ComputeAmounts;
    readonly limits: ComputeAmounts;
    readonly pods: number;
    readonly persistentVolumeClaims: number;
    /** Sum of what the volume claims ask for. */
    readonly storage: string;
    /** Services of type LoadBalancer: each takes one address of the pool. */
    readonly loadBalancers: number;
  };
  readonly container: {
    /** Request of a container that states none. */
    readonly defaultRequest: ComputeAmounts;
    /** Limit of a container that states none. */
    readonly defaultLimit: ComputeAmounts;
    /** Highest limit that a container may have. */
    readonly max: Pick<ComputeAmounts, "cpu" | "memory">;
  };
}

/** The sum of requests that a namespace allows to all its pods. */
export type NamespaceRequests = Pick<ComputeAmounts, "cpu" | "memory">;

export type NamespaceSize = "xxs" | "xs" | "s" | "m" | "l" | "xl";

/**
 * The named sizes of a namespace.
 *
 * A namespace full of pods that state nothing fits its quota: `pods` × the container defaults stays within the
 * requests and the limits. Every amount grows with the size.
 */
export const NAMESPACE_SIZES: Readonly<Record<NamespaceSize, NamespaceSizeLimits>> = {
  xxs: {
    quota: {
      requests: { cpu: "100m", memory: "256Mi", ephemeralStorage: "1Gi" },
      limits: { cpu: "1", memory: "512Mi", ephemeralStorage: "8Gi" },
      pods: 4,
      persistentVolumeClaims: 2,
      storage: "20Gi",
      loadBalancers: 1,
    },
    container: {
      defaultRequest: { cpu: "25m", memory: "64Mi", ephemeralStorage: "128Mi" },
      defaultLimit: { cpu: "250m", memory: "128Mi", ephemeralStorage: "2Gi" },
      max: { cpu: "500m", memory: "384Mi" },
    },
  },
  xs: {
    quota: {
      requests: { cpu: "250m", memory: "512Mi", ephemeralStorage: "2Gi" },
      limits: { cpu: "2", memory: "1Gi", ephemeralStorage: "16Gi" },
      pods: 8,
      persistentVolumeClaims: 4,
      storage: "50Gi",
      loadBalancers: 1,
    },
    container: {
      defaultRequest: { cpu: "25m", memory: "64Mi", ephemeralStorage: "128Mi" },
      defaultLimit: { cpu: "250m", memory: "128Mi", ephemeralStorage: "2Gi" },
      max: { cpu: "1", memory: "768Mi" },
    },
  },
  s: {
    quota: {
      requests: { cpu: "500m", memory: "1Gi", ephemeralStorage: "4Gi" },
      limits: { cpu: "4", memory: "3Gi", ephemeralStorage: "32Gi" },
      pods: 16,
      persistentVolumeClaims: 8,
      storage: "100Gi",
      loadBalancers: 1,
    },
    container: {
      defaultRequest: { cpu: "25m", memory: "64Mi", ephemeralStorage: "128Mi" },
      defaultLimit: { cpu: "250m", memory: "128Mi", ephemeralStorage: "2Gi" },
      max: { cpu: "2", memory: "1536Mi" },
    },
  },
  m: {
    quota: {
      requests: { cpu: "1", memory: "3Gi", ephemeralStorage: "8Gi" },
      limits: { cpu: "8", memory: "6Gi", ephemeralStorage: "64Gi" },
      pods: 32,
      persistentVolumeClaims: 16,
      storage: "250Gi",
      loadBalancers: 2,
    },
    container: {
      defaultRequest: { cpu: "30m", memory: "96Mi", ephemeralStorage: "128Mi" },
      defaultLimit: { cpu: "250m", memory: "192Mi", ephemeralStorage: "2Gi" },
      max: { cpu: "4", memory: "4Gi" },
    },
  },
  l: {
    quota: {
      requests: { cpu: "1500m", memory: "6Gi", ephemeralStorage: "16Gi" },
      limits: { cpu: "12", memory: "12Gi", ephemeralStorage: "128Gi" },
      pods: 48,
      persistentVolumeClaims: 32,
      storage: "500Gi",
      loadBalancers: 3,
    },
    container: {
      defaultRequest: { cpu: "30m", memory: "128Mi", ephemeralStorage: "256Mi" },
      defaultLimit: { cpu: "250m", memory: "256Mi", ephemeralStorage: "2Gi" },
      max: { cpu: "4", memory: "6Gi" },
    },
  },
  xl: {
    quota: {
      requests: { cpu: "3", memory: "12Gi", ephemeralStorage: "32Gi" },
      limits: { cpu: "24", memory: "24Gi", ephemeralStorage: "256Gi" },
      pods: 96,
      persistentVolumeClaims: 64,
      storage: "1Ti",
      loadBalancers: 4,
    },
    container: {
      defaultRequest: { cpu: "30m", memory: "128Mi", ephemeralStorage: "256Mi" },
      defaultLimit: { cpu: "250m", memory: "256Mi", ephemeralStorage: "2Gi" },
      max: { cpu: "4", memory: "8Gi" },
    },
  },
};
