/**
 * The part of Talos' machine configuration that this project writes, so that a misspelt option does not compile.
 *
 * Source: https://docs.siderolabs.com/talos/v1.12/reference/configuration/v1alpha1/config
 *
 * Network, time and the encryption of volumes are written here in their older form, which Talos before 1.13 gets;
 * `documents.ts` brings them to documents of their own.
 */
import type { Fields } from "../core/fields.ts";
import { yamlWriter } from "../core/yaml-writer.ts";
import type { AuditPolicy, PodSecurityConfiguration } from "./api-server.ts";
import type { SystemDiskEncryption } from "./disk-encryption.ts";
import type { ComputeResources } from "./reservations.ts";

/** Takes an element out of the configuration that Talos generates. */
interface Deletion {
  readonly $patch: "delete";
}

interface VlanConfig {
  readonly vlanId: number;
  readonly dhcp?: boolean;
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly network: string; readonly gateway: string }[];
  readonly vip?: { readonly ip: string };
}

export interface NetworkConfig {
  /** Talos before 1.12; later versions have the document `HostnameConfig`. */
  readonly hostname?: string;
  readonly nameservers: readonly string[];
  readonly interfaces: readonly {
    readonly interface: string;
    readonly dhcp: boolean;
    readonly addresses: readonly string[];
    readonly routes?: VlanConfig["routes"];
    readonly vip?: { readonly ip: string };
    readonly vlans: readonly VlanConfig[];
  }[];
}

/** Fields of the kubelet's own configuration, `kubelet.config.k8s.io/v1beta1`. */
interface KubeletExtraConfig {
  readonly enforceNodeAllocatable: readonly "pods"[];
  readonly systemReserved: ComputeResources & { readonly "ephemeral-storage": string; readonly pid: string };
  readonly kubeReserved: ComputeResources;
  readonly evictionHard: {
    readonly "memory.available": string;
    readonly "nodefs.available": string;
    readonly "nodefs.inodesFree": string;
    readonly "imagefs.available": string;
    readonly "imagefs.inodesFree": string;
  };
}

export interface KubeletConfig {
  readonly nodeIP?: { readonly validSubnets: readonly string[] };
  /** Only for machines that are taken over with it. */
  readonly extraArgs?: { readonly "node-ip": string };
  readonly extraConfig?: KubeletExtraConfig;
}

interface FeaturesConfig {
  readonly kubePrism: { readonly enabled: boolean; readonly port: number };
  readonly hostDNS: { readonly enabled: boolean; readonly forwardKubeDNSToHost: boolean };
  readonly kubernetesTalosAPIAccess?: {
    readonly enabled: boolean;
    readonly allowedRoles: readonly "os:etcd:backup"[];
    readonly allowedKubernetesNamespaces: readonly string[];
  };
}

export interface MachineConfig {
  readonly install: { readonly disk: string; readonly image: string };
  readonly network: NetworkConfig;
  readonly time?: { readonly servers: readonly string[]; readonly bootTimeout: string };
  readonly systemDiskEncryption?: SystemDiskEncryption;
  readonly kubelet: KubeletConfig;
  readonly features: FeaturesConfig;
  readonly nodeLabels?: Readonly<Record<string, Deletion>>;
}

interface StaticPodConfig {
  readonly resources: { readonly requests: ComputeResources };
}

export interface ClusterConfig {
  readonly network: {
    readonly podSubnets: readonly string[];
    readonly serviceSubnets: readonly string[];
    readonly cni?: { readonly name: "none" };
  };
  readonly proxy?: { readonly disabled: boolean };
  readonly allowSchedulingOnControlPlanes?: boolean;
  readonly etcd?: {
    readonly advertisedSubnets?: readonly string[];
    readonly extraArgs?: { readonly "listen-metrics-urls": string };
  };
  readonly apiServer?: Partial<StaticPodConfig> & {
    readonly certSANs: readonly string[];
    readonly admissionControl?: readonly {
      readonly name: "PodSecurity";
      readonly configuration: PodSecurityConfiguration;
    }[];
    readonly auditPolicy?: AuditPolicy;
  };
  readonly controllerManager?: StaticPodConfig;
  readonly scheduler?: StaticPodConfig;
}

/**
 * Takes the Pod Security settings out that Talos generates. A merge would join both lists of exempt namespaces,
 * and the API server does not start when one of them is there twice.
 */
export interface DefaultAdmissionRemoval {
  readonly cluster: {
    readonly apiServer: {
      readonly admissionControl: readonly ({ readonly name: "PodSecurity" } & Deletion)[];
    };
  };
}

/** The document that names a machine, Talos 1.12 and later; a name and an automatic name exclude each other. */
export interface HostnameConfig {
  readonly apiVersion: "v1alpha1";
  readonly kind: "HostnameConfig";
  readonly auto: "off";
  readonly hostname: string;
}

/** A strategic merge patch: of the main document, or of the one that it is itself. */
export type ConfigPatch =
  | { readonly machine: MachineConfig }
  | { readonly cluster: ClusterConfig }
  | DefaultAdmissionRemoval
  | HostnameConfig;

/**
 * Renders a patch as YAML with sorted keys, so that equal patches are equal texts; every YAML version reads the same
 * from it.
 */
export const renderPatch: (patch: ConfigPatch | Fields) => string = yamlWriter({
  sortMapEntries: true,
  lineWidth: 0,
  aliasDuplicateObjects: false,
  compat: "yaml-1.1",
});
