/** Flows of an app, as the policies, variables and monitors of the GitOps side say them. */
import type { AppDeclaration, DeclaredLink } from "../../../lib/app/declaration.ts";
import { gateway, metrics } from "../../../lib/app/link-ends.ts";
import {
  egressTo,
  egressToInternet,
  exposedBy,
  reachedBy,
  scrapedBy,
  talksToItself,
  uses,
  usesKubernetesApi,
} from "../../../lib/app/links.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";
import { Port } from "../../../lib/network/port.ts";
import { addressOf } from "./databases.ts";
import { fieldsIn, ofKind, unique } from "./objects.ts";

interface Surroundings {
  readonly app: string;
  readonly namespace: string;
  readonly port: number | undefined;
  readonly hasHost: boolean;
  /** Ports that a ServiceMonitor of its names. */
  readonly scraped: readonly number[];
  readonly apps: readonly AppDeclaration[];
  readonly note: (what: string) => void;
}

const NAMESPACE_KEYS = [
  "io.kubernetes.pod.namespace",
  "k8s:io.kubernetes.pod.namespace",
  "kubernetes.io/metadata.name",
];
const SERVICE =
  /\b([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)(?:\.svc\b(?:\.cluster\.local)?)(?::(\d{1,5}))?/g;
const PRIVATE =
  /(?:^|\/\/|@|\s)((?:192\.168|10\.\d+|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+)(?!\d|\/\d)(?::(\d{1,5}))?/g;
/** The node, which may call every pod of its own. */
const NODE = ["host", "remote-node", "health"];

/** @param texts those that name whom it calls */
export const linksOf = (
  objects: readonly Fields[],
  texts: readonly string[],
  around: Surroundings,
): DeclaredLink[] =>
  unlike([
    ...ofKind(objects, "CiliumNetworkPolicy").flatMap((policy) => ofCilium(policy, around)),
    ...ofKind(objects, "NetworkPolicy").flatMap((policy) => ofKubernetes(policy, around)),
    ...texts.flatMap((text) => [...servicesIn(text, around), ...addressesIn(text)]),
  ]);

/** Links that are not the same. */
export const unlike = (links: readonly DeclaredLink[]): DeclaredLink[] =>
  unique(links, (link) =>
    JSON.stringify(link, (_, value) => (value instanceof Port ? `${value}` : (value as unknown))),
  );

const ofCilium = ({ spec, specs }: Fields, around: Surroundings): DeclaredLink[] =>
  [spec, ...listOf(specs)].map(fieldsOf).flatMap(({ ingress, egress }) => [
    ...fieldsIn(ingress).flatMap((rule) => [
      ...fieldsIn(rule.fromEndpoints).flatMap(({ matchLabels }) =>
        inbound(fieldsOf(matchLabels), portsOf(rule.toPorts), around),
      ),
      ...listOf(rule.fromEntities).flatMap((entity) =>
        NODE.includes(textOf(entity)) ? [] : unsaid(`entity ${textOf(entity)} may call it`, around),
      ),
      ...listOf(rule.fromCIDR).flatMap((range) => unsaid(`${textOf(range)} may call it`, around)),
    ]),
    ...fieldsIn(egress).flatMap((rule) => {
      const ports = portsOf(rule.toPorts);
      const ranges = [...listOf(rule.toCIDR), ...fieldsIn(rule.toCIDRSet).map(({ cidr }) => cidr)];
      return [
        ...fieldsIn(rule.toEndpoints).flatMap(({ matchLabels }) =>
          outbound(fieldsOf(matchLabels), ports, around),
        ),
        ...listOf(rule.toEntities).flatMap((entity) => toEntity(textOf(entity), ports, around)),
        ...ranges.map((range) => toRange(range, ports)),
        ...fieldsIn(rule.toFQDNs).flatMap(({ matchName, matchPattern }) =>
          matchName === undefined
            ? unsaid(`it may call ${textOf(matchPattern)}`, around)
            : [egressTo(textOf(matchName), ...ports)],
        ),
      ];
    }),
  ]);

const toRange = (range: unknown, ports: readonly Port[]): DeclaredLink =>
  egressTo(textOf(range).replace(/\/32$/, ""), ...ports);

const ofKubernetes = ({ spec }: Fields, around: Surroundings): DeclaredLink[] => [
  ...fieldsIn(fieldsOf(spec).ingress).flatMap((rule) =>
    fieldsIn(rule.from).flatMap((peer) =>
      peer.ipBlock === undefined
        ? inbound(labelsOf(peer), flatPorts(rule.ports), around)
        : unsaid("an address range may call it", around),
    ),
  ),
  ...fieldsIn(fieldsOf(spec).egress).flatMap((rule) => {
    const ports = flatPorts(rule.ports);
    if (rule.to === undefined) return isOnlyDns(ports) ? [] : toEntity("world", ports, around);
    return fieldsIn(rule.to).flatMap((peer) => {
      const { cidr } = fieldsOf(peer.ipBlock);
      if (cidr === "0.0.0.0/0") return toEntity("world", ports, around);
      return cidr === undefined ? outbound(labelsOf(peer), ports, around) : [toRange(cidr, ports)];
    });
  }),
];

const labelsOf = ({ namespaceSelector, podSelector }: Fields): Fields => ({
  ...fieldsOf(fieldsOf(namespaceSelector).matchLabels),
  ...fieldsOf(fieldsOf(podSelector).matchLabels),
});

const unsaid = (what: string, { note }: Surroundings): [] => {
  note(`policy: ${what}`);
  return [];
};

const portsOf = (toPorts: unknown): Port[] => fieldsIn(toPorts).flatMap(({ ports }) => flatPorts(ports));

const flatPorts = (ports: unknown): Port[] =>
  fieldsIn(ports).flatMap(({ port, endPort, protocol }) => {
    const [start, end] = [Number(port), Number(endPort ?? port)];
    if (!Number.isInteger(start) || start < 1) return [];
    const udp = Port.udp(start, end);
    if (protocol === "UDP") return [udp];
    return protocol === "ANY" ? [Port.tcp(start, end), udp] : [Port.tcp(start, end)];
  });

const isDns = ({ start }: Port): boolean => start === 53;
const isOnlyDns = (ports: readonly Port[]): boolean => ports.length > 0 && ports.every(isDns);

const namespaceIn = (labels: Fields): string | undefined =>
  NAMESPACE_KEYS.map((key) => labels[key]).find((value): value is string => typeof value === "string");

/** Labels of pods, without those of their namespace. */
const namesIn = (labels: Fields): unknown[] =>
  Object.entries(labels).flatMap(([key, value]) => (NAMESPACE_KEYS.includes(key) ? [] : [value]));

/** Apps of the homelab that labels name. */
const appsMeant = (labels: Fields, { apps, namespace, app }: Surroundings): AppDeclaration[] => {
  const wanted = namespaceIn(labels) ?? namespace;
  const names = namesIn(labels);
  return apps.filter(
    ({ name, props }) => name !== app && names.includes(name) && (props.namespace ?? name) === wanted,
  );
};

const inbound = (labels: Fields, ports: readonly Port[], around: Surroundings): DeclaredLink[] => {
  const from = namespaceIn(labels);
  if (from === "traefik") {
    const isImplied = around.hasHost && ports.every(({ start }) => start === around.port);
    return isImplied ? [] : [exposedBy(gateway, ...ports)];
  }
  if (from === "monitoring") {
    const own = ports.length > 0 ? ports.map(({ start }) => start) : around.scraped;
    const [first, ...others] = own.length > 0 || around.port === undefined ? own : [around.port];
    return first === undefined ? [] : [scrapedBy(metrics, first, ...others)];
  }
  const meant = appsMeant(labels, around);
  const [one = around.port === undefined ? undefined : Port.tcp(around.port), ...more] = ports;
  if (meant.length === 0 || one === undefined)
    return unsaid(`${spoken(labels)} may call it: reachedBy(…)`, around);
  return meant.map(({ name }) => reachedBy(name, one, ...more));
};

const outbound = (labels: Fields, ports: readonly Port[], around: Surroundings): DeclaredLink[] => {
  if (isOnlyDns(ports) || namespaceIn(labels) === "kube-system") return [];
  const [one, ...more] = ports;
  if (namesIn(labels).includes(around.app)) return one === undefined ? [] : [talksToItself(one, ...more)];
  const meant = appsMeant(labels, around);
  if (meant.length > 0) return meant.map(({ name }) => uses(name, ...ports));
  return unsaid(`it may call ${spoken(labels)}: uses(…)`, around);
};

const spoken = (labels: Fields): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .join(",") || "every pod";

const toEntity = (entity: string, ports: readonly Port[], around: Surroundings): DeclaredLink[] => {
  if (entity === "world" || entity === "all") {
    const open = ports.filter((port) => !isDns(port));
    if (ports.length > 0 && open.length === 0) return [];
    if (open.length === 0)
      around.note("policy: it may call any port outside: 80 and 443 of public addresses are open here");
    return [egressToInternet(...open)];
  }
  if (entity === "kube-apiserver") return [usesKubernetesApi()];
  return unsaid(`it may call entity ${entity}`, around);
};

/** Apps of the homelab that a text names by their Service. */
const servicesIn = (text: string, around: Surroundings): DeclaredLink[] =>
  [...text.matchAll(SERVICE)].flatMap(([address, service = "", namespace = "", port]) => {
    const found = around.apps.find((each) => addressOf(each) === `${service}.${namespace}`);
    if (service === around.app) return [];
    if (!found) return unsaid(`it calls ${address}, which no app here serves`, around);
    const usual = [undefined, found.props.service?.port, found.props.port];
    const number = port === undefined ? undefined : Number(port);
    return [uses(found.name, ...(number === undefined || usual.includes(number) ? [] : [Port.tcp(number)]))];
  });

/** Addresses of the homelab that a text names, which the way to the internet leaves out. */
const addressesIn = (text: string): DeclaredLink[] =>
  [...text.matchAll(PRIVATE)].map(([before, address = "", port]) => {
    const usual = /https:/.test(text.slice(0, text.indexOf(before) + 8)) ? 443 : 80;
    return egressTo(address, Port.tcp(Number(port ?? usual)));
  });

/** Texts in a value, however deep. */
export const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isFields(value) ? Object.values(value).flatMap(textsIn) : [];
};
