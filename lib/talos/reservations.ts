/**
 * Resources that every node keeps back from workloads: one source for the machine configuration and the capacity
 * check.
 *
 * On a converged control plane, four things put the control plane before its workloads. All pods together never get
 * more than the allocatable resources. Pods are evicted before memory runs out, lowest priority first, and never
 * the static pods, which Talos gives the priority `system-cluster-critical`. Under contention the API server's
 * share of CPU follows its request. At shutdown, Talos' kubelet stops ordinary pods first and keeps the last 10 of
 * 30 seconds for critical ones.
 */

/** `converged`: control planes run workloads; `dedicated`: they are tainted and run none. */
export type ControlPlaneMode = "converged" | "dedicated";

export type NodeRole = "controlplane" | "worker";

/** CPU in cores, memory in bytes, as Kubernetes quantities. */
export interface ComputeResources {
  readonly cpu: string;
  readonly memory: string;
}

export interface KubeletReservation {
  /** Reserved for Talos, and on control planes for etcd, which Talos runs outside of Kubernetes. */
  readonly systemReserved: ComputeResources;
  /** Reserved for the kubelet and containerd. */
  readonly kubeReserved: ComputeResources;
  /** Free memory below which the kubelet evicts pods, lowest priority first: no pod can have it. */
  readonly evictionMemory: string;
}

/** Resources that the static pods of a control plane request. */
export interface StaticPodRequests {
  readonly apiServer: ComputeResources;
  readonly controllerManager: ComputeResources;
  readonly scheduler: ComputeResources;
}

/** Talos' own memory default for a worker (384Mi), with double its CPU default. */
const WORKER: KubeletReservation = {
  systemReserved: { cpu: "100m", memory: "384Mi" },
  kubeReserved: { cpu: "100m", memory: "384Mi" },
  evictionMemory: "256Mi",
};

const DEDICATED_CONTROL_PLANE: KubeletReservation = {
  systemReserved: { cpu: "250m", memory: "768Mi" },
  kubeReserved: { cpu: "100m", memory: "384Mi" },
  evictionMemory: "256Mi",
};

/** etcd shares the disk and the memory with workloads here, so twice Talos' default of 512Mi, and ten times its CPU. */
const CONVERGED_CONTROL_PLANE: KubeletReservation = {
  systemReserved: { cpu: "500m", memory: "1Gi" },
  kubeReserved: { cpu: "200m", memory: "512Mi" },
  evictionMemory: "512Mi",
};

/** Talos' own defaults: `control_plane_static_pod.go` and `constants.go`, v1.12.4. */
const DEDICATED_STATIC_PODS: StaticPodRequests = {
  apiServer: { cpu: "200m", memory: "512Mi" },
  controllerManager: { cpu: "50m", memory: "256Mi" },
  scheduler: { cpu: "10m", memory: "64Mi" },
};

/** Beside workloads, the API server asks for more. */
const CONVERGED_STATIC_PODS: StaticPodRequests = {
  ...DEDICATED_STATIC_PODS,
  apiServer: { cpu: "500m", memory: "1Gi" },
};

/** The reservation of a node's kubelet: allocatable = capacity − systemReserved − kubeReserved − evictionMemory. */
export const kubeletReservation = (role: NodeRole, controlPlane: ControlPlaneMode): KubeletReservation => {
  if (role === "worker") return WORKER;
  return controlPlane === "converged" ? CONVERGED_CONTROL_PLANE : DEDICATED_CONTROL_PLANE;
};

/** Requests of a control plane's static pods, out of its allocatable resources. */
export const staticPodRequests = (controlPlane: ControlPlaneMode): StaticPodRequests =>
  controlPlane === "converged" ? CONVERGED_STATIC_PODS : DEDICATED_STATIC_PODS;
