/**
 * The settings in which this project differs from the configuration that the living machines run. Each difference has
 * a name with which an environment withholds it, so that a cluster is adopted as it is and changed step by step.
 */

/** The effect that a difference has on a machine once it is no longer withheld. */
type Effect = "restarts nothing" | "restarts a service" | "restarts the machine" | "state only";

interface Difference {
  readonly what: string;
  readonly why: string;
  readonly effect: Effect;
}

export const DIFFERENCES = {
  "machine-configuration": {
    what: "the generated configuration as a whole: text, comments and every difference below",
    why: "the state's own configuration stays, to the byte, whatever else is said here",
    effect: "restarts nothing",
  },
  "node-address": {
    what: "a node is reached at its address on the cluster VLAN",
    why: "the services VLAN has a gateway and load-balancer addresses; the shape 1109f65 went through it",
    effect: "state only",
  },
  "image-schematic": {
    what: "the image is registered with the Image Factory (one new resource, no machine is asked)",
    why: "an image that nobody registered cannot be installed",
    effect: "state only",
  },
  "kubelet-node-ip": {
    what: "kubelet.nodeIP.validSubnets; H has the argument node-ip of each node, 1109f65 nothing",
    why: "without it a node's Kubernetes address may be on either VLAN",
    effect: "restarts a service",
  },
  "kubelet-reservations": {
    what: "systemReserved, kubeReserved and eviction thresholds of the kubelet",
    why: "a converged control plane keeps memory for etcd",
    effect: "restarts a service",
  },
  "etcd-advertised-subnets": {
    what: "etcd advertises its address on the cluster VLAN, at the latest after its next start",
    why: "etcd must not choose the services VLAN after a restart",
    effect: "restarts a service",
  },
  "etcd-metrics": {
    what: "etcd answers for its metrics on port 2381 of the control planes, after its next start",
    why: "without them nobody hears of a lost member, an election, a full database",
    effect: "restarts a service",
  },
  "audit-policy": {
    what: "the API server's audit policy",
    why: "who changed access rules is recorded, without the noise",
    effect: "restarts a service",
  },
  "pod-security": {
    what: "the API server's Pod Security settings, in place of those that Talos generates",
    why: "one reviewed default, with kube-system as the only exemption",
    effect: "restarts a service",
  },
  "static-pod-requests": {
    what: "requests of the API server, the controller manager and the scheduler",
    why: "beside workloads, the API server needs a larger share",
    effect: "restarts a service",
  },
  "control-plane-scheduling": {
    what: "workloads run on control planes (no taint)",
    why: "the control plane is converged",
    effect: "restarts nothing",
  },
  "load-balancer-label": {
    what: "the label that keeps control planes from load balancers goes",
    why: "converged control planes answer for the addresses of Services",
    effect: "restarts nothing",
  },
  "talos-api-access": {
    what: "pods of the backup's namespace may ask Talos for etcd snapshots",
    why: "the etcd backup needs it",
    effect: "restarts nothing",
  },
  "time-servers": {
    what: "time servers of the environment, and how long a machine waits for them when it boots",
    why: "after a power cut a machine must not wait for the internet to tell the time",
    effect: "restarts nothing",
  },
  "worker-cluster-settings": {
    what: "workers also say that there is neither a CNI of Talos' nor kube-proxy; only control planes act on it",
    why: "every machine says the same of the cluster",
    effect: "restarts nothing",
  },
  "vlan-dhcp": {
    what: "`dhcp: false` is written out for every VLAN; it is Talos' default",
    why: "a reader need not know the default",
    effect: "restarts nothing",
  },
  "talos-contract": {
    what: "the configuration follows the contract of the environment's Talos version, with the name in a document of its own from 1.12 on",
    why: "new machines and old ones are written the same way",
    effect: "restarts the machine",
  },
  "install-image": {
    what: "install.image is the environment's image; it is installed by an upgrade, never by an apply",
    why: "what a reinstalled machine would get is what the others run",
    effect: "restarts nothing",
  },
  "kubernetes-version": {
    what: "the images of kubelet and control plane are the environment's Kubernetes version",
    why: "it was never written down: the provider's default decided",
    effect: "restarts a service",
  },
  "cilium-release": {
    what: "the Helm release kube-system/cilium is taken over and gets the values of this project",
    why: "metrics, policy mode and resources of this project",
    effect: "restarts a service",
  },
  "argocd-release": {
    what: "the Helm release argocd/argocd is taken over and gets the values of this project",
    why: "login instead of an open door",
    effect: "restarts a service",
  },
  "load-balancer-objects": {
    what: "the blocks of the address pool and the interfaces of the L2 policy",
    why: "automatic addresses are taken from the automatic block first",
    effect: "restarts nothing",
  },
  "infisical-secret": {
    what: "the credentials of Infisical are written anew, from variables",
    why: "no state holds them any more",
    effect: "restarts nothing",
  },
  "root-application": {
    what: "labels, retries and revision of the root Application",
    why: "one source for what GitOps follows",
    effect: "restarts nothing",
  },
  "namespaces-and-priorities": {
    what: "labels of namespaces that exist, and values of priority classes that exist",
    why: "Pod Security levels are enforced from here",
    effect: "restarts nothing",
  },
} as const satisfies Record<string, Difference>;

export type DifferenceName = keyof typeof DIFFERENCES;

export const DIFFERENCE_NAMES = Object.keys(DIFFERENCES) as [DifferenceName, ...DifferenceName[]];

/** The parts of the machine configuration that an adopted machine keeps, with the values that it has. */
export interface AdoptedMachines {
  /** The Terraform that made the state; they set different things. */
  readonly shape: BrownfieldShape;
  /** Contract that the running configuration was generated for, e.g. `v1.11.5`. */
  readonly talosContract: string;
  /** `install.image` of the running configuration. */
  readonly installImage: string;
  /** Kubernetes version of the running configuration, e.g. `v1.34.0`. */
  readonly kubernetesVersion: string;
  readonly withhold: readonly DifferenceName[];
}

/** `H` is the last revision of the brownfield, `1109f65` its first; those between have the addresses of the first. */
export type BrownfieldShape = "H" | "1109f65";

/** True when the adoption withholds the difference; false without an adoption. */
export const withholds = (adopted: AdoptedMachines | undefined, difference: DifferenceName): boolean =>
  adopted?.withhold.includes(difference) ?? false;
