/** Claims of an object for its owner beside itself: names, addresses and objects that only one can have. */

import { type Fields, fieldsOf, isFields, textOf } from "../../lib/core/fields.ts";
import { display, groupKindOf, groupOf, type ObjectId } from "../../lib/core/kubernetes/object-id.ts";
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../../lib/core/values/ipv4-range.ts";
import { Subnet } from "../../lib/core/values/subnet.ts";
import { isApplication, releasesOf, sourcesOf } from "./application.ts";

type ClaimKind =
  | "object"
  | "made object"
  | "database"
  | "Helm release"
  | "source"
  | "host"
  | "address"
  | "announcement";

export interface Claim {
  readonly kind: ClaimKind;
  /** Says what it is, and is the same for whoever claims it. */
  readonly what: string;
}

const HOST = /^[a-z0-9*]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
const ADDRESS_ANNOTATIONS = ["lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips"];
const ISSUERS = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"];

const fieldsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : [textOf(value)]);

/** @param values what an Application gives its charts */
export const claimsOf = (id: ObjectId, object: Fields, values: readonly Fields[] = []): Claim[] => [
  { kind: "object", what: display(id) },
  ...madeBy(id, object).map((made): Claim => ({ kind: "made object", what: display(made) })),
  ...(isApplication(object) ? applicationClaims(object) : databaseClaims(object)),
  ...namesIn(hostsOf(object), "host"),
  ...namesIn(addressesOf(object), "address"),
  ...namesIn(announcedOn(object), "announcement"),
  ...valueClaims(values),
];

/** Hosts and addresses that a chart gets in its values. */
export const valueClaims = (values: readonly Fields[]): Claim[] => [
  ...namesIn(values.flatMap(hostsInValues), "host"),
  ...namesIn(values.flatMap(addressesInValues), "address"),
];

const namesIn = (names: readonly string[], kind: "host" | "address" | "announcement"): Claim[] =>
  [...new Set(names)].filter((name) => name !== "").map((name) => ({ kind, what: `${kind} ${name}` }));

const applicationClaims = (application: Fields): Claim[] => [
  ...releasesOf(application).map(({ namespace, name }): Claim => releaseClaim(namespace, name)),
  ...sourcesOf(application)
    .filter(({ path }) => path !== undefined)
    .map(({ repository, path }): Claim => ({ kind: "source", what: `source ${repository} ${path}` })),
  ...sourcesOf(application).flatMap(({ helm }) => databaseClaims(helm.valuesObject)),
];

/** Databases of CloudNativePG: an object by itself, or among the values of a chart. */
const databaseClaims = (value: unknown): Claim[] => {
  if (Array.isArray(value)) return value.flatMap(databaseClaims);
  if (!isFields(value)) return [];
  if (value.kind !== "Database" || groupOf(value.apiVersion) !== "postgresql.cnpg.io")
    return Object.values(value).flatMap(databaseClaims);
  const outer = fieldsOf(value.spec);
  const { name, cluster } = isFields(outer.spec) ? outer.spec : outer;
  return [
    { kind: "database", what: `database ${textOf(name)} of cluster ${textOf(fieldsOf(cluster).name)}` },
  ];
};

export const releaseClaim = (namespace: string, name: string): Claim => ({
  kind: "Helm release",
  what: `Helm release ${namespace}/${name}`,
});

/** Objects that a controller makes because of this one. */
const madeBy = ({ group, kind, namespace, name }: ObjectId, object: Fields): ObjectId[] => {
  const spec = fieldsOf(object.spec);
  const core = (made: string, name: unknown, into: unknown = namespace): ObjectId[] =>
    typeof name === "string" ? [{ group: "", kind: made, namespace: textOf(into) || namespace, name }] : [];
  switch (`${group}/${kind}`) {
    case "secrets.infisical.com/InfisicalSecret":
      return [
        ...[fieldsOf(spec.managedSecretReference), ...fieldsIn(spec.managedKubeSecretReferences)].flatMap(
          ({ secretName, secretNamespace }) => core("Secret", secretName, secretNamespace),
        ),
        ...fieldsIn(spec.managedKubeConfigMapReferences).flatMap(({ configMapName, configMapNamespace }) =>
          core("ConfigMap", configMapName, configMapNamespace),
        ),
      ];
    case "external-secrets.io/ExternalSecret":
      return core("Secret", fieldsOf(spec.target).name ?? name);
    case "cert-manager.io/Certificate":
      return core("Secret", spec.secretName);
    case "networking.k8s.io/Ingress":
      return ISSUERS.some((issuer) => issuer in fieldsOf(fieldsOf(object.metadata).annotations))
        ? fieldsIn(spec.tls).flatMap(({ secretName }) => core("Secret", secretName))
        : [];
    default:
      return [];
  }
};

const hostsOf = (object: Fields): string[] => {
  const spec = fieldsOf(object.spec);
  switch (groupKindOf(object)) {
    case "networking.k8s.io/Ingress":
      return [
        ...fieldsIn(spec.rules).map(({ host }) => textOf(host)),
        ...fieldsIn(spec.tls).flatMap(({ hosts }) => textsIn(hosts)),
      ];
    case "traefik.io/IngressRoute":
    case "traefik.containo.us/IngressRoute":
    case "traefik.io/IngressRouteTCP":
      return fieldsIn(spec.routes).flatMap(({ match }) => hostsInRule(textOf(match)));
    case "gateway.networking.k8s.io/HTTPRoute":
    case "gateway.networking.k8s.io/GRPCRoute":
    case "gateway.networking.k8s.io/TLSRoute":
      return textsIn(spec.hostnames);
    default:
      return [];
  }
};

/** ``Host(`a.example`, `b.example`)``, without what stands for any host. */
const hostsInRule = (match: string): string[] =>
  [...match.matchAll(/Host(?:SNI)?\(([^)]*)\)/g)]
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim().replaceAll(/[`"']/g, ""))
    .filter((name) => HOST.test(name));

const addressesOf = (object: Fields): string[] =>
  groupKindOf(object) === "/Service" ? addressesInValues({ ...object, status: undefined }) : [];

/** Addresses that a Service, or the values of a chart, ask for. */
const addressesInValues = (values: unknown): string[] =>
  entriesBelow(values).flatMap(([path, value]) => {
    const key = path.at(-1) ?? "";
    const isAddress = key === "loadBalancerIP" || ADDRESS_ANNOTATIONS.includes(key);
    return isAddress && typeof value === "string" ? value.split(",").map((each) => each.trim()) : [];
  });

/** Host names below what charts call their Ingress or route. */
const hostsInValues = (values: unknown): string[] =>
  entriesBelow(values).flatMap(([path, value]) => {
    const isRoute = path.some((key) => /^(ingress|ingresses|route|routes|ingressRoute)$/i.test(key));
    const isHost = path.some((key) => /^(host|hosts|hostname|hostnames)$/.test(key));
    return isRoute && isHost && typeof value === "string" && HOST.test(value) ? [value] : [];
  });

/** Every scalar with the keys that lead to it; nothing below a map that says `enabled: false`. */
const entriesBelow = (value: unknown, path: readonly string[] = []): [readonly string[], unknown][] => {
  if (Array.isArray(value)) return value.flatMap((item) => entriesBelow(item, path));
  if (!isFields(value)) return [[path, value]];
  return value.enabled === false
    ? []
    : Object.entries(value).flatMap(([key, below]) => entriesBelow(below, [...path, key]));
};

/** Interfaces on which a policy of Cilium announces addresses, as it writes them. */
const announcedOn = (object: Fields): string[] => {
  if (groupKindOf(object) !== "cilium.io/CiliumL2AnnouncementPolicy") return [];
  const { interfaces } = fieldsOf(object.spec);
  return Array.isArray(interfaces) && interfaces.length > 0 ? interfaces.map(textOf) : ["on every interface"];
};

/** Addresses that a pool of Cilium hands out; undefined for a block that is no IPv4. */
export const poolRanges = (object: Fields): (Ipv4Range | undefined)[] =>
  groupKindOf(object) === "cilium.io/CiliumLoadBalancerIPPool"
    ? fieldsIn(fieldsOf(object.spec).blocks).map(({ start, stop, cidr }) =>
        start === undefined ? cidrRange(textOf(cidr)) : addressRange(textOf(start), textOf(stop ?? start)),
      )
    : [];

const cidrRange = (cidr: string): Ipv4Range | undefined => {
  if (!Subnet.isCidr(cidr)) return undefined;
  const { network, broadcast } = Subnet.around(cidr);
  return Ipv4Range.between(network, broadcast);
};

const addressRange = (start: string, stop: string): Ipv4Range | undefined =>
  Ipv4Address.isValid(start) && Ipv4Address.isValid(stop) ? Ipv4Range.parse(`${start}-${stop}`) : undefined;
