/** A generated machine configuration, field by field against the environment. */
import type { Environment, Node } from "../../environments/schema.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";

type Document = Readonly<Record<string, unknown>>;

/** A value deep in a document; undefined when there is none. */
const at = (document: Document | undefined, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], document);

/** Lists the fields whose values differ from the environment's. Never shows anything but such fields. */
export const machineFieldProblems = (
  environment: Environment,
  node: Node,
  configuration: string,
): string[] => {
  const documents = manifestObjects(configuration);
  const main = documents.find((each) => "machine" in each);
  const hostname = documents.find(({ kind }) => kind === "HostnameConfig");
  const found: Record<string, unknown> = {
    hostname: at(hostname, "hostname") ?? at(main, "machine.network.hostname"),
    interface: deviceOf(main),
    installer: String(at(main, "machine.install.image") ?? "")
      .split(":")
      .at(-1),
    ...Object.fromEntries(
      Object.keys(expectedFields(environment, node)).map((path) => [path, at(main, path)]),
    ),
  };
  return Object.entries({ ...expectedFields(environment, node), ...expectedNames(environment, node) })
    .filter(([path, value]) => JSON.stringify(found[path]) !== JSON.stringify(value))
    .map(
      ([path, value]) =>
        `${node.name}: ${path}: the environment says ${JSON.stringify(value)}: got ${JSON.stringify(found[path])}`,
    );
};

const isControlPlane = ({ role }: Node): boolean => role === "controlplane";

const expectedFields = (
  { cluster, versions }: Environment,
  node: Node,
): Readonly<Record<string, unknown>> => ({
  "machine.type": node.role,
  "machine.install.disk": node.installDisk,
  "machine.kubelet.image": `ghcr.io/siderolabs/kubelet:${versions.kubernetes}`,
  "machine.kubelet.nodeIP.validSubnets": [cluster.subnet],
  "machine.network.nameservers": node.nameservers.length > 0 ? node.nameservers : undefined,
  "cluster.clusterName": cluster.name,
  "cluster.controlPlane.endpoint": `https://${cluster.vip}:6443`,
  "cluster.network.podSubnets": [cluster.podSubnet],
  "cluster.network.serviceSubnets": [cluster.serviceSubnet],
  "cluster.network.cni.name": "none",
  "cluster.proxy.disabled": true,
  ...(isControlPlane(node) && {
    "cluster.apiServer.image": `registry.k8s.io/kube-apiserver:${versions.kubernetes}`,
    "cluster.controllerManager.image": `registry.k8s.io/kube-controller-manager:${versions.kubernetes}`,
    "cluster.scheduler.image": `registry.k8s.io/kube-scheduler:${versions.kubernetes}`,
  }),
});

/** Fields whose paths differ from one version to the next, or that stand in lists. */
const expectedNames = (
  { cluster, versions }: Environment,
  node: Node,
): Readonly<Record<string, unknown>> => ({
  hostname: node.name,
  installer: versions.talos,
  interface: {
    interface: node.interface,
    dhcp: false,
    vlans: node.vlans.map(({ id, address, gateway }) => ({
      id,
      addresses: [address],
      gateways: gateway === undefined ? [] : [gateway],
      vip: isControlPlane(node) && cluster.subnet.contains(address.address) ? cluster.vip : null,
    })),
  },
});

interface Device {
  readonly interface?: string;
  readonly dhcp?: boolean;
  readonly vlans?: readonly {
    readonly vlanId?: number;
    readonly addresses?: readonly string[];
    readonly routes?: readonly { readonly gateway?: string }[];
    readonly vip?: { readonly ip?: string };
  }[];
}

/** The one interface of a machine, in the form that the environment is brought to. */
const deviceOf = (main: Document | undefined): unknown => {
  const devices = (at(main, "machine.network.interfaces") ?? []) as readonly Device[];
  const [device] = devices;
  if (!device || devices.length > 1) return devices;
  return {
    interface: device.interface,
    dhcp: device.dhcp,
    vlans: (device.vlans ?? []).map(({ vlanId, addresses, routes = [], vip }) => ({
      id: vlanId,
      addresses,
      gateways: routes.map(({ gateway }) => gateway),
      vip: vip?.ip ?? null,
    })),
  };
};
