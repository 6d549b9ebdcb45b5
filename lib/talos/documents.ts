/**
 * Documents of a machine configuration beside its main one: network, time and the encryption of volumes. Talos 1.12
 * and later read them in place of fields of the main document, and 1.13 and later get them.
 *
 * Source: `pkg/machinery/config/types/{network,block}` of https://github.com/siderolabs/talos at v1.12.4, v1.13.9 and
 * v1.14.1.
 */
import { vlanInterfaceName } from "../../environments/interfaces.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../core/fields.ts";

/** Talos' own default route: a document leaves the destination out. */
const EVERYWHERE = "0.0.0.0/0";

const DEVICE = ["interface", "dhcp", "mtu", "addresses", "routes", "vip", "vlans"];
const VLAN = ["vlanId", "dhcp", "mtu", "addresses", "routes", "vip"];
const ROUTE = ["network", "gateway"];

/** Volumes by the field that encrypts each. */
const VOLUMES = { state: "STATE", ephemeral: "EPHEMERAL" } as const;

const document = (kind: string, fields: Fields): Fields => ({
  apiVersion: "v1alpha1",
  kind,
  ...Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNothing(value))),
});

const isNothing = (value: unknown): boolean =>
  value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);

const holdsOnly = (value: unknown, keys: readonly string[]): boolean =>
  Object.keys(fieldsOf(value)).every((key) => keys.includes(key));

/** True when every setting of the interface has a place in the documents below. */
const hasDocuments = (device: unknown): boolean => {
  const links = [device, ...listOf(fieldsOf(device).vlans)];
  return (
    textOf(fieldsOf(device).interface) !== "" &&
    links.every((link, index) => holdsOnly(link, index === 0 ? DEVICE : VLAN)) &&
    links.flatMap((link) => listOf(fieldsOf(link).routes)).every((route) => holdsOnly(route, ROUTE))
  );
};

/** The documents of one link: its own, its client for DHCP, its virtual IP. */
const linkDocuments = (kind: string, name: string, settings: Fields, own: Fields): Fields[] => [
  document(kind, {
    name,
    ...own,
    up: true,
    mtu: settings.mtu,
    addresses: listOf(settings.addresses).map((address) => ({ address })),
    routes: listOf(settings.routes)
      .map(fieldsOf)
      .map(({ network, gateway }) => ({
        ...(network !== undefined && network !== EVERYWHERE && { destination: network }),
        gateway,
      })),
  }),
  ...(settings.dhcp === true ? [document("DHCPv4Config", { name })] : []),
  ...(isFields(settings.vip) ? [document("Layer2VIPConfig", { name: settings.vip.ip, link: name })] : []),
];

const deviceDocuments = (device: Fields): Fields[] => {
  const parent = textOf(device.interface);
  return [
    ...linkDocuments("LinkConfig", parent, device, {}),
    ...listOf(device.vlans)
      .map(fieldsOf)
      .flatMap(({ vlanId, ...vlan }) =>
        linkDocuments("VLANConfig", vlanInterfaceName(parent, Number(vlanId)), vlan, {
          vlanID: vlanId,
          parent,
        }),
      ),
  ];
};

const timeDocument = ({ servers, bootTimeout, disabled }: Fields): Fields =>
  document("TimeSyncConfig", {
    enabled: disabled === true ? false : undefined,
    bootTimeout,
    ntp: listOf(servers).length > 0 ? { servers } : undefined,
  });

const networkDocuments = (network: Fields): Fields[] => [
  ...(textOf(network.hostname) === ""
    ? []
    : [document("HostnameConfig", { auto: "off", hostname: network.hostname })]),
  ...listOf(network.interfaces).filter(hasDocuments).map(fieldsOf).flatMap(deviceDocuments),
  ...(listOf(network.nameservers).length === 0
    ? []
    : [
        document("ResolverConfig", {
          nameservers: listOf(network.nameservers).map((address) => ({ address })),
        }),
      ]),
];

const volumeDocuments = (encryption: Fields): Fields[] =>
  Object.entries(VOLUMES).flatMap(([field, name]) =>
    isFields(encryption[field]) ? [document("VolumeConfig", { name, encryption: encryption[field] })] : [],
  );

/** The main document without what has a document of its own, and those documents. */
const split = (main: Fields): Fields[] => {
  const { network, time, systemDiskEncryption, ...machine } = fieldsOf(main.machine);
  const { hostname: _, nameservers: __, interfaces, ...rest } = fieldsOf(network);
  const kept = listOf(interfaces).filter((device) => !hasDocuments(device));
  const unmoved = { ...rest, ...(kept.length > 0 && { interfaces: kept }) };
  return [
    {
      ...main,
      machine: { ...machine, ...(Object.keys(unmoved).length > 0 && { network: unmoved }) },
    },
    ...networkDocuments(fieldsOf(network)),
    ...(isFields(time) ? [timeDocument(time)] : []),
    ...volumeDocuments(fieldsOf(systemDiskEncryption)),
  ];
};

/**
 * Brings a configuration to the form of documents, whichever form it has: two configurations that say the same are
 * then equal. A setting that has no document here stays where it is.
 */
export const inDocuments = (documents: readonly Fields[]): Fields[] =>
  documents.flatMap((each) => (isFields(each.machine) ? split(each) : [each]));

const LINK_KINDS = ["LinkConfig", "VLANConfig"];

/** True for a configuration whose links are documents: it has the form of Talos 1.13 and later. */
const hasLinkDocuments = (documents: readonly Fields[]): boolean =>
  documents.some(({ kind }) => LINK_KINDS.includes(textOf(kind)));

/** Brings both to the form of documents when one alone has it, and leaves them as they are otherwise. */
export const inOneForm = (
  one: readonly Fields[],
  other: readonly Fields[],
): readonly [readonly Fields[], readonly Fields[]] =>
  hasLinkDocuments(one) === hasLinkDocuments(other) ? [one, other] : [inDocuments(one), inDocuments(other)];
