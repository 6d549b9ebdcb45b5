import { dev } from "../../environments/dev.ts";
import type { EnvironmentInput } from "../../environments/schema.ts";

type NodeInput = EnvironmentInput["nodes"][number];
type NamespaceInput = EnvironmentInput["namespaces"][number];

const CONTROL_PLANES = 3;
/** Hosts of a /16 per last octet, so that none is a network or broadcast address. */
const HOSTS_PER_OCTET = 250;
const CLUSTER_VLAN = 10;
const SERVICES_VLAN = 20;
const GATEWAY = "10.20.0.1";

/** `10.<network>.<16…>.<1…>`: the range below is for what is not a node. */
const address = (network: number, index: number): string =>
  `10.${network}.${16 + Math.floor(index / HOSTS_PER_OCTET)}.${1 + (index % HOSTS_PER_OCTET)}`;

const numbered = (name: string, index: number): string => `${name}-${String(index).padStart(4, "0")}`;

/** Large machines, so that the quotas of a thousand namespaces fit three of them. */
const node = (index: number): NodeInput => {
  const digits = index.toString(16).padStart(4, "0");
  return {
    name: numbered("node", index),
    role: index < CONTROL_PLANES ? "controlplane" : "worker",
    mac: `02:00:00:00:${digits.slice(0, 2)}:${digits.slice(2)}`,
    maintenanceAddress: address(30, index),
    installDisk: "/dev/sda",
    interface: "eth0",
    vlans: [
      { id: CLUSTER_VLAN, address: `${address(CLUSTER_VLAN, index)}/16` },
      { id: SERVICES_VLAN, address: `${address(SERVICES_VLAN, index)}/16`, gateway: GATEWAY },
    ],
    nameservers: [GATEWAY],
    schematic: "plain",
    cpu: "512",
    memory: "2Ti",
  };
};

const namespace = (index: number): NamespaceInput => ({
  name: numbered("team", index),
  podSecurity: "baseline",
  size: "xs",
});

const sequence = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/**
 * A valid environment with as many nodes (three of them control planes) and namespaces as asked for; everything
 * else is as in dev, without its accepted risks.
 */
export const generatedEnvironment = (size: { nodes: number; namespaces: number }): EnvironmentInput => ({
  ...dev,
  name: "dev",
  cluster: {
    ...dev.cluster,
    vip: "10.10.0.5",
    subnet: "10.10.0.0/16",
    podSubnet: "10.128.0.0/12",
    serviceSubnet: "10.96.0.0/12",
    bootstrapNode: numbered("node", 0),
  },
  versions: dev.versions,
  schematics: { plain: { extensions: ["siderolabs/iscsi-tools"] } },
  nodes: sequence(size.nodes, node),
  loadBalancer: {
    vlan: SERVICES_VLAN,
    static: { start: "10.20.0.70", stop: "10.20.0.79" },
    automatic: { start: "10.20.1.0", stop: "10.20.9.255" },
    interfaces: ["^eth.*\\.20$"],
  },
  argocd: { ...dev.argocd, address: "10.20.0.71" },
  namespaces: sequence(size.namespaces, namespace),
  assumptions: dev.assumptions.filter(({ path }) => path.startsWith("backup.")),
  // What the versions of dev are known for is accepted there.
  acceptedRisks: dev.acceptedRisks.filter(({ id }) => /^(support|advisory|cilium)-/.test(id)),
});
