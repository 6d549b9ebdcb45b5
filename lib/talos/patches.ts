import { lt } from "semver";
import { type AdoptedMachines, type DifferenceName, withholds } from "../../environments/differences.ts";
import type { DiskEncryption } from "../../environments/disk-encryption.ts";
import type { Node, Vlan } from "../../environments/schema.ts";
import { minorOf } from "../../environments/versions.ts";
import type { TalosApiAccess } from "../core/platform/etcd-backup-access.ts";
import { ETCD_METRICS_ARGUMENTS } from "../core/platform/etcd-metrics.ts";
import type { HttpUrl } from "../core/values/http-url.ts";
import type { Ipv4Address } from "../core/values/ipv4-address.ts";
import type { Subnet } from "../core/values/subnet.ts";
import { AUDIT_POLICY, POD_SECURITY } from "./api-server.ts";
import { systemDiskEncryption } from "./disk-encryption.ts";
import { inDocuments } from "./documents.ts";
import {
  type ClusterConfig,
  type DefaultAdmissionRemoval,
  type HostnameConfig,
  type KubeletConfig,
  type MachineConfig,
  type NetworkConfig,
  renderPatch,
} from "./machine-configuration.ts";
import {
  type ControlPlaneMode,
  kubeletReservation,
  type NodeRole,
  staticPodRequests,
} from "./reservations.ts";

/** Port of Talos' in-cluster load balancer of the API server, on every node. */
const KUBE_PRISM_PORT = 7445;

const BOOT_TIMEOUT = "2m";

/** The version from which on a machine's name is a document of its own. */
const HOSTNAME_DOCUMENT_SINCE = "1.12.0";

/**
 * The version from which on network, time and volumes are documents of their own. Talos 1.12 reads the same documents,
 * so that a machine understands them before its upgrade as well as after it.
 */
const DOCUMENTS_SINCE = "1.13.0";

/**
 * The newest contract that configurations are generated for: that of the library in the pinned provider, siderolabs/talos
 * 0.11.0. Talos 1.14 reads what is generated for 1.13; a configuration for its own contract has documents in place of
 * `cluster` too, which this provider can neither generate nor patch.
 */
const NEWEST_CONTRACT = "v1.13.0";

/** Kept from load balancers by Talos' default; a control plane that runs workloads is not. */
const EXCLUDED_FROM_LOAD_BALANCERS = "node.kubernetes.io/exclude-from-external-load-balancers";

const WITHOUT_DEFAULT_ADMISSION: DefaultAdmissionRemoval = {
  cluster: { apiServer: { admissionControl: [{ name: "PodSecurity", $patch: "delete" }] } },
};

/** The facts of a machine that its configuration needs. */
export type TalosNode = Pick<
  Node,
  | "name"
  | "role"
  | "mac"
  | "maintenanceAddress"
  | "installDisk"
  | "interface"
  | "vlans"
  | "nameservers"
  | "schematic"
  | "secureBoot"
>;

/** The settings that every machine of a cluster has in common. */
export interface ClusterSettings {
  /** Virtual IP of the Kubernetes API, held by one control plane. */
  readonly vip: Ipv4Address;
  /** URL of the Kubernetes API, at the virtual IP, e.g. `https://192.168.111.160:6443`. */
  readonly endpoint: HttpUrl;
  /** Subnet of the nodes' cluster addresses, which kubelet and etcd use, e.g. `192.168.111.0/24`. */
  readonly subnet: Subnet;
  /** Subnet of pods, e.g. `10.244.0.0/16`. */
  readonly podSubnet: Subnet;
  /** Subnet of Services, e.g. `10.96.0.0/12`. */
  readonly serviceSubnet: Subnet;
  /** The use of control planes: with workloads or without. */
  readonly controlPlane: ControlPlaneMode;
  /** Exact version, e.g. `v1.12.4`. */
  readonly talosVersion: string;
  /** Addresses or names of time servers. @default - each node's own gateway */
  readonly timeServers?: readonly (Ipv4Address | string)[] | undefined;
  /** The longest that a machine waits for the time when it boots, e.g. `2m`. @default "2m" */
  readonly bootTimeout?: string;
  /** Encryption of the machines' volumes. @default - none */
  readonly diskEncryption?: DiskEncryption;
  /** The pods that control planes let into the Talos API, and the roles that they get. */
  readonly talosApiAccess: TalosApiAccess;
  /**
   * The configuration that machines which are taken over keep for now.
   * @default - nothing
   */
  readonly adopted?: AdoptedMachines;
}

const isClusterVlan = (cluster: Pick<ClusterSettings, "subnet">, vlan: Vlan): boolean =>
  cluster.subnet.contains(vlan.address.address);

/** The node's addresses in the cluster subnet, without prefix length. */
export const clusterAddresses = (
  cluster: Pick<ClusterSettings, "subnet">,
  node: Pick<TalosNode, "vlans">,
): string[] =>
  node.vlans.filter((vlan) => isClusterVlan(cluster, vlan)).map((vlan) => vlan.address.address.toString());

/** The contract that the configuration of the cluster's machines is generated for. */
export const talosContract = ({ adopted, talosVersion }: ClusterSettings): string => {
  if (adopted && withholds(adopted, "talos-contract")) return adopted.talosContract;
  return minorOf(talosVersion) === "1.14" ? NEWEST_CONTRACT : talosVersion;
};

/** The images of kubelet and control plane follow this version. */
export const kubernetesImages = ({ adopted }: ClusterSettings, kubernetesVersion: string): string =>
  adopted && withholds(adopted, "kubernetes-version") ? adopted.kubernetesVersion : kubernetesVersion;

const isContractSince = (cluster: ClusterSettings, version: string): boolean =>
  !lt(talosContract(cluster), version);

const networkConfig = (cluster: ClusterSettings, node: TalosNode): NetworkConfig => ({
  ...(!isContractSince(cluster, HOSTNAME_DOCUMENT_SINCE) && { hostname: node.name }),
  nameservers: node.nameservers.map(String),
  interfaces: [
    {
      interface: node.interface,
      dhcp: false,
      addresses: [],
      ...untagged(cluster, node),
      vlans: node.vlans.flatMap((vlan) =>
        vlan.id === null
          ? []
          : [
              {
                vlanId: vlan.id,
                ...(!withholds(cluster.adopted, "vlan-dhcp") && { dhcp: false }),
                ...addressing(cluster, node, vlan),
              },
            ],
      ),
    },
  ],
});

const addressing = (cluster: ClusterSettings, node: TalosNode, vlan: Vlan) => ({
  addresses: [`${vlan.address}`],
  routes: vlan.gateway === undefined ? [] : [{ network: "0.0.0.0/0", gateway: `${vlan.gateway}` }],
  ...(node.role === "controlplane" && isClusterVlan(cluster, vlan) && { vip: { ip: `${cluster.vip}` } }),
});

/** The address of the uplink itself, where it has one. */
const untagged = (cluster: ClusterSettings, node: TalosNode) => {
  const own = node.vlans.find(({ id }) => id === null);
  return own && addressing(cluster, node, own);
};

const kubeletConfig = (cluster: ClusterSettings, node: TalosNode): KubeletConfig => ({
  ...nodeIp(cluster, node),
  ...(!withholds(cluster.adopted, "kubelet-reservations") && {
    extraConfig: kubeletReservations(cluster, node),
  }),
});

/** A node's address in Kubernetes is the one on the cluster VLAN; Talos itself leaves the virtual IP out. */
const nodeIp = (cluster: ClusterSettings, node: TalosNode): KubeletConfig => {
  if (!withholds(cluster.adopted, "kubelet-node-ip"))
    return { nodeIP: { validSubnets: [`${cluster.subnet}`] } };
  const [address] = clusterAddresses(cluster, node);
  return cluster.adopted?.shape === "H" && address ? { extraArgs: { "node-ip": address } } : {};
};

/**
 * Setting one threshold of `evictionHard` unsets the kubelet's other defaults, and setting `systemReserved` unsets
 * Talos' own, so all are restated.
 */
const kubeletReservations = (
  cluster: ClusterSettings,
  node: TalosNode,
): NonNullable<KubeletConfig["extraConfig"]> => {
  const { systemReserved, kubeReserved, evictionMemory } = kubeletReservation(
    node.role,
    cluster.controlPlane,
  );
  return {
    enforceNodeAllocatable: ["pods"],
    systemReserved: { ...systemReserved, "ephemeral-storage": "256Mi", pid: "100" },
    kubeReserved,
    evictionHard: {
      "memory.available": evictionMemory,
      "nodefs.available": "10%",
      "nodefs.inodesFree": "5%",
      "imagefs.available": "15%",
      "imagefs.inodesFree": "5%",
    },
  };
};

const machineConfig = (cluster: ClusterSettings, node: TalosNode, image: string): MachineConfig => ({
  install: {
    disk: node.installDisk,
    image:
      cluster.adopted && withholds(cluster.adopted, "install-image") ? cluster.adopted.installImage : image,
  },
  network: networkConfig(cluster, node),
  ...(!withholds(cluster.adopted, "time-servers") && {
    time: {
      servers: (cluster.timeServers ?? node.vlans.flatMap(({ gateway }) => gateway ?? [])).map(String),
      bootTimeout: cluster.bootTimeout ?? BOOT_TIMEOUT,
    },
  }),
  ...(cluster.diskEncryption && {
    systemDiskEncryption: systemDiskEncryption(cluster.diskEncryption, node.secureBoot ?? false),
  }),
  kubelet: kubeletConfig(cluster, node),
  features: {
    kubePrism: { enabled: true, port: KUBE_PRISM_PORT },
    hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    ...(node.role === "controlplane" &&
      !withholds(cluster.adopted, "talos-api-access") && {
        kubernetesTalosAPIAccess: {
          enabled: true,
          allowedRoles: cluster.talosApiAccess.roles,
          allowedKubernetesNamespaces: cluster.talosApiAccess.namespaces,
        },
      }),
  },
  ...(node.role === "controlplane" &&
    cluster.controlPlane === "converged" &&
    !withholds(cluster.adopted, "load-balancer-label") && {
      nodeLabels: { [EXCLUDED_FROM_LOAD_BALANCERS]: { $patch: "delete" } },
    }),
});

/**
 * `certSANs` names the virtual IP only: Talos adds a node's own addresses by itself, and a list of all control
 * planes would change every one of them when one comes or goes.
 */
const controlPlaneConfig = (cluster: ClusterSettings): Omit<ClusterConfig, "network" | "proxy"> => {
  const requests = staticPodRequests(cluster.controlPlane);
  const sets = (difference: DifferenceName) => !withholds(cluster.adopted, difference);
  const etcd = {
    ...(sets("etcd-advertised-subnets") && { advertisedSubnets: [`${cluster.subnet}`] }),
    ...(sets("etcd-metrics") && { extraArgs: ETCD_METRICS_ARGUMENTS }),
  };
  return {
    ...(sets("control-plane-scheduling") && {
      allowSchedulingOnControlPlanes: cluster.controlPlane === "converged",
    }),
    ...(Object.keys(etcd).length > 0 && { etcd }),
    apiServer: {
      certSANs: [`${cluster.vip}`],
      ...(sets("pod-security") && {
        admissionControl: [{ name: "PodSecurity" as const, configuration: POD_SECURITY }],
      }),
      ...(sets("audit-policy") && { auditPolicy: AUDIT_POLICY }),
      ...(sets("static-pod-requests") && { resources: { requests: requests.apiServer } }),
    },
    ...(sets("static-pod-requests") && {
      controllerManager: { resources: { requests: requests.controllerManager } },
      scheduler: { resources: { requests: requests.scheduler } },
    }),
  };
};

const saysWhatIsMissing = (cluster: ClusterSettings, role: NodeRole): boolean =>
  role === "controlplane" || !withholds(cluster.adopted, "worker-cluster-settings");

const clusterConfig = (cluster: ClusterSettings, role: NodeRole): ClusterConfig => ({
  network: {
    podSubnets: [`${cluster.podSubnet}`],
    serviceSubnets: [`${cluster.serviceSubnet}`],
    ...(saysWhatIsMissing(cluster, role) && { cni: { name: "none" } }),
  },
  ...(saysWhatIsMissing(cluster, role) && { proxy: { disabled: true } }),
  ...(role === "controlplane" && controlPlaneConfig(cluster)),
});

/** Patches that all machines of a role have in common, and that are so written once. */
const rolePatches = (cluster: ClusterSettings, role: NodeRole): string[] => [
  ...(role === "controlplane" && !withholds(cluster.adopted, "pod-security")
    ? [renderPatch(WITHOUT_DEFAULT_ADMISSION)]
    : []),
  renderPatch({ cluster: clusterConfig(cluster, role) }),
];

const nodePatches = (cluster: ClusterSettings, node: TalosNode, installImage: string): string[] => {
  const machine = { machine: machineConfig(cluster, node, installImage) };
  const hostname: HostnameConfig = {
    apiVersion: "v1alpha1",
    kind: "HostnameConfig",
    auto: "off",
    hostname: node.name,
  };
  const main = isContractSince(cluster, DOCUMENTS_SINCE) ? inDocuments([machine]) : [machine];
  const [first, ...others] = main.map(renderPatch);
  return [
    ...(first === undefined ? [] : [first]),
    ...(isContractSince(cluster, HOSTNAME_DOCUMENT_SINCE) ? [renderPatch(hostname)] : []),
    ...others,
  ];
};

/**
 * A cluster's patches of the configuration that Talos generates: for one machine, YAML texts in the order to apply.
 *
 * They depend on the cluster's settings and on that machine, never on another machine.
 */
export const machineConfigurationPatches = (
  cluster: ClusterSettings,
): ((node: TalosNode, installImage: string) => string[]) => {
  const ofRole = {
    controlplane: rolePatches(cluster, "controlplane"),
    worker: rolePatches(cluster, "worker"),
  };
  return (node, installImage) => [...ofRole[node.role], ...nodePatches(cluster, node, installImage)];
};
