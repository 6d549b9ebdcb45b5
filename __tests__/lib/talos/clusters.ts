/** Clusters for the tests of this directory. Cluster VLAN 111 without gateway, services VLAN 208 with one. */

import { TerraformStack, Testing } from "cdktf";
import fc from "fast-check";
import { parse } from "yaml";
import { TalosProvider } from "../../../lib/core/providers/talos/provider.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { InterfaceAddress } from "../../../lib/core/values/interface-address.ts";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import type {
  ClusterConfig,
  HostnameConfig,
  MachineConfig,
} from "../../../lib/talos/machine-configuration.ts";
import { machineConfigurationPatches, type TalosNode } from "../../../lib/talos/patches.ts";
import { TalosCluster, type TalosClusterProps } from "../../../lib/talos/talos-cluster.ts";
import { type SynthesizedStack, synth } from "../../synth.ts";

export const IMAGE = "factory.talos.dev/metal-installer/abc:v1.12.4";

export const node = (name: string, octet: number, overrides: Partial<TalosNode> = {}): TalosNode => ({
  name,
  role: "controlplane",
  mac: `00:15:5d:00:cb:${octet.toString(16).padStart(2, "0")}`,
  maintenanceAddress: Ipv4Address.parse(`192.168.0.${octet}`),
  installDisk: "/dev/sda",
  interface: "enp1s0",
  vlans: [
    { id: 111, address: InterfaceAddress.parse(`192.168.111.${octet}/24`) },
    {
      id: 208,
      address: InterfaceAddress.parse(`192.168.208.${octet}/24`),
      gateway: Ipv4Address.parse("192.168.208.1"),
    },
  ],
  nameservers: ["192.168.208.70", "192.168.208.1"].map(Ipv4Address.parse),
  schematic: "virtual",
  ...overrides,
});

export const cluster = (overrides: Partial<TalosClusterProps> = {}): TalosClusterProps => ({
  name: "vixens-dev",
  vip: Ipv4Address.parse("192.168.111.160"),
  endpoint: HttpUrl.parse("https://192.168.111.160:6443"),
  subnet: Subnet.parse("192.168.111.0/24"),
  podSubnet: Subnet.parse("10.244.0.0/16"),
  serviceSubnet: Subnet.parse("10.96.0.0/12"),
  controlPlane: "converged",
  bootstrapNode: "daphne",
  talosVersion: "v1.12.4",
  kubernetesVersion: "v1.34.0",
  schematics: { virtual: { extensions: ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"] } },
  nodes: [node("daphne", 162), node("diva", 164), node("dulce", 163), node("daisy", 165, { role: "worker" })],
  talosApiAccess: { namespaces: ["etcd-backup"], roles: ["os:etcd:backup"] },
  ...overrides,
});

export const synthCluster = (props: TalosClusterProps): SynthesizedStack =>
  synth((stack) => {
    new TalosProvider(stack, "talos");
    new TalosCluster(stack, "cluster", props);
  });

/** A machine's patches: all of them, and what they say about the machine, its cluster and its name. */
export const patchesOf = (props: TalosClusterProps, machine: TalosNode) => {
  const documents = machineConfigurationPatches(props)(machine, IMAGE).map((text) => parse(text));
  return {
    documents,
    machine: documents.find((document) => document.machine).machine as MachineConfig,
    cluster: documents.find((document) => document.cluster?.network).cluster as ClusterConfig,
    hostname: documents.find((document) => document.kind === "HostnameConfig") as HostnameConfig | undefined,
  };
};

/** Clusters of 1, 3 or 5 control planes and up to 4 workers, with VLANs in either order. */
export const clusters = fc
  .record({
    names: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/), {
      minLength: 5,
      maxLength: 9,
    }),
    controlPlanes: fc.constantFrom(1, 3, 5),
    servicesFirst: fc.boolean(),
    controlPlane: fc.constantFrom("converged" as const, "dedicated" as const),
  })
  .map(({ names, controlPlanes, servicesFirst, controlPlane }) => {
    const nodes = names.map((name, index) => {
      const machine = node(name, 10 + index, { role: index < controlPlanes ? "controlplane" : "worker" });
      return servicesFirst ? { ...machine, vlans: machine.vlans.toReversed() } : machine;
    });
    return cluster({ nodes, controlPlane, bootstrapNode: names[0] ?? "" });
  });

/** Builds without validation, for what throws at construction. */
export const build = (props: TalosClusterProps): TalosCluster =>
  new TalosCluster(new TerraformStack(Testing.app(), "test"), "cluster", props);
