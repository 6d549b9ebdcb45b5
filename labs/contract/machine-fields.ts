/** A generated machine configuration, field by field against the environment. */
import { vlanInterfaceName } from "../../environments/interfaces.ts";
import type { Environment, Node } from "../../environments/schema.ts";
import { type Fields, fieldsOf, listOf } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import { inDocuments } from "../../lib/talos/documents.ts";

/** A value deep in a document; undefined when there is none. */
const at = (document: Fields | undefined, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], document);

/** Lists the fields whose values differ from the environment's. Never shows anything but such fields. */
export const machineFieldProblems = (
  environment: Environment,
  node: Node,
  configuration: string,
): string[] => {
  const documents = inDocuments(manifestObjects(configuration));
  const main = documents.find((each) => "machine" in each);
  const hostname = documents.find(({ kind }) => kind === "HostnameConfig");
  const found: Record<string, unknown> = {
    hostname: at(hostname, "hostname") ?? at(main, "machine.network.hostname"),
    interface: linksOf(documents),
    installer: String(at(main, "machine.install.image") ?? "")
      .split(":")
      .at(-1),
    ...Object.fromEntries(
      Object.keys(expectedFields(environment, node)).map((path) => [path, at(main, path)]),
    ),
    "machine.network.nameservers": nameserversIn(documents),
  };
  return Object.entries({ ...expectedFields(environment, node), ...expectedNames(environment, node) })
    .filter(([path, value]) => JSON.stringify(found[path]) !== JSON.stringify(value))
    .map(
      ([path, value]) =>
        `${node.name}: ${path}: the environment says ${JSON.stringify(value)}: got ${JSON.stringify(found[path])}`,
    );
};

const nameserversIn = (documents: readonly Fields[]): unknown =>
  documents
    .filter(({ kind }) => kind === "ResolverConfig")
    .flatMap(({ nameservers }) => listOf(nameservers).map((each) => fieldsOf(each).address));

const isControlPlane = ({ role }: Node): boolean => role === "controlplane";

const expectedFields = (
  { cluster, versions }: Environment,
  node: Node,
): Readonly<Record<string, unknown>> => ({
  "machine.type": node.role,
  "machine.install.disk": node.installDisk,
  "machine.kubelet.image": `ghcr.io/siderolabs/kubelet:${versions.kubernetes}`,
  "machine.kubelet.nodeIP.validSubnets": [cluster.subnet],
  "machine.network.nameservers": node.nameservers,
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
  interface: linksExpected(cluster, node),
});

/** The uplink, and a link for each of its VLANs. */
const linksExpected = (cluster: Environment["cluster"], node: Node): unknown => {
  const link = (name: string, vlan: Node["vlans"][number] | undefined) => ({
    name,
    parent: vlan?.id == null ? undefined : node.interface,
    vlan: vlan?.id ?? undefined,
    addresses: vlan ? [`${vlan.address}`] : [],
    gateways: vlan?.gateway === undefined ? [] : [`${vlan.gateway}`],
    vips:
      vlan && isControlPlane(node) && cluster.subnet.contains(vlan.address.address) ? [`${cluster.vip}`] : [],
    dhcp: false,
  });
  return [
    link(
      node.interface,
      node.vlans.find(({ id }) => id === null),
    ),
    ...node.vlans
      .filter(({ id }) => id !== null)
      .map((vlan) => link(vlanInterfaceName(node.interface, vlan.id), vlan)),
  ];
};

/** The links of a machine in the form that the environment is brought to; what has no such form is shown as it is. */
const linksOf = (documents: readonly Fields[]): unknown => {
  const main = documents.find((each) => "machine" in each);
  const other = at(main, "machine.network.interfaces");
  if (other !== undefined) return other;
  const has = (kind: string, field: string, name: unknown) =>
    documents.filter((each) => each.kind === kind && each[field] === name);
  return documents
    .filter(({ kind }) => kind === "LinkConfig" || kind === "VLANConfig")
    .map(({ name, parent, vlanID, addresses, routes }) => ({
      name,
      parent,
      vlan: vlanID,
      addresses: listOf(addresses).map((each) => fieldsOf(each).address),
      gateways: listOf(routes).map((each) => fieldsOf(each).gateway),
      vips: has("Layer2VIPConfig", "link", name).map((each) => each.name),
      dhcp: has("DHCPv4Config", "name", name).length > 0,
    }));
};
