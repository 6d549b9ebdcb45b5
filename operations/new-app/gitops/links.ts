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

/** Texts that name whom it calls. */
type Texts = readonly string[];

const NAMESPACE_KEYS = [
  "io.kubernetes.pod.namespace",
  "k8s:io.kubernetes.pod.namespace",
  "kubernetes.io/metadata.name",
];
const SERVICE =
  /\b([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)(?:\.svc\b(?:\.cluster\.local)?)(?::(\d{1,5}))?/g;
const PRIVATE =
  /(?:^|\/\/|@|\s)((?:192\.168|10\.\d+|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+)(?!\d|\/\d)(?::(\d{1,5}))?/g;

export const linksOf = (objects: readonly Fields[], texts: Texts, around: Surroundings): DeclaredLink[] => {
  const links = [
    ...objects
      .filter(({ kind }) => kind === "CiliumNetworkPolicy")
      .flatMap((policy) => ofCilium(policy, around)),
    ...objects
      .filter(({ kind }) => kind === "NetworkPolicy")
      .flatMap((policy) => ofKubernetes(policy, around)),
    ...texts.flatMap((text) => [...servicesIn(text, around), ...addressesIn(text)]),
  ];
  return [...new Map(links.map((link) => [keyOf(link), link])).values()];
};

/** The same for links that are the same. */
export const keyOf = (link: DeclaredLink): string =>
  JSON.stringify(link, (_, value) => (value instanceof Port ? `${value}` : (value as unknown)));

const ofCilium = ({ spec, specs }: Fields, around: Surroundings): DeclaredLink[] =>
  [spec, ...listOf(specs)].map(fieldsOf).flatMap(({ ingress, egress }) => [
    ...listOf(ingress)
      .map(fieldsOf)
      .flatMap((rule) => {
        const ports = portsOf(rule.toPorts);
        return [
          ...listOf(rule.fromEndpoints)
            .map(fieldsOf)
            .flatMap((end) => inbound(fieldsOf(end.matchLabels), ports, around)),
          ...listOf(rule.fromEntities).flatMap((entity) =>
            ["host", "remote-node", "health"].includes(textOf(entity))
              ? []
              : unsaid(`entity ${textOf(entity)} may call it`, around),
          ),
          ...listOf(rule.fromCIDR).flatMap((range) => unsaid(`${textOf(range)} may call it`, around)),
        ];
      }),
    ...listOf(egress)
      .map(fieldsOf)
      .flatMap((rule) => {
        const ports = portsOf(rule.toPorts);
        return [
          ...listOf(rule.toEndpoints)
            .map(fieldsOf)
            .flatMap((end) => outbound(fieldsOf(end.matchLabels), ports, around)),
          ...listOf(rule.toEntities).flatMap((entity) => toEntity(textOf(entity), ports, around)),
          ...[...listOf(rule.toCIDR), ...listOf(rule.toCIDRSet).map((set) => fieldsOf(set).cidr)].map(
            (range) => egressTo(textOf(range).replace(/\/32$/, ""), ...ports),
          ),
          ...listOf(rule.toFQDNs)
            .map(fieldsOf)
            .flatMap(({ matchName, matchPattern }) =>
              matchName === undefined
                ? unsaid(`it may call ${textOf(matchPattern)}`, around)
                : [egressTo(textOf(matchName), ...ports)],
            ),
        ];
      }),
  ]);

const ofKubernetes = ({ spec }: Fields, around: Surroundings): DeclaredLink[] => {
  const { ingress, egress } = fieldsOf(spec);
  return [
    ...listOf(ingress)
      .map(fieldsOf)
      .flatMap((rule) =>
        listOf(rule.from)
          .map(fieldsOf)
          .flatMap((peer) =>
            peer.ipBlock === undefined
              ? inbound(labelsOf(peer), flatPorts(rule.ports), around)
              : unsaid("an address range may call it", around),
          ),
      ),
    ...listOf(egress)
      .map(fieldsOf)
      .flatMap((rule) => {
        const ports = flatPorts(rule.ports);
        if (rule.to === undefined)
          return ports.every(isDns) && ports.length > 0 ? [] : toEntity("world", ports, around);
        return listOf(rule.to)
          .map(fieldsOf)
          .flatMap((peer) => {
            const { cidr } = fieldsOf(peer.ipBlock);
            if (cidr === "0.0.0.0/0") return toEntity("world", ports, around);
            return cidr === undefined
              ? outbound(labelsOf(peer), ports, around)
              : [egressTo(textOf(cidr).replace(/\/32$/, ""), ...ports)];
          });
      }),
  ];
};

const labelsOf = ({ namespaceSelector, podSelector }: Fields): Fields => ({
  ...fieldsOf(fieldsOf(namespaceSelector).matchLabels),
  ...fieldsOf(fieldsOf(podSelector).matchLabels),
});

const unsaid = (what: string, { note }: Surroundings): [] => {
  note(`policy: ${what}`);
  return [];
};

const portsOf = (toPorts: unknown): Port[] =>
  listOf(toPorts).flatMap((each) => flatPorts(fieldsOf(each).ports));

const flatPorts = (ports: unknown): Port[] =>
  listOf(ports)
    .map(fieldsOf)
    .flatMap(({ port, endPort, protocol }) => {
      const [start, end] = [Number(port), Number(endPort ?? port)];
      if (!Number.isInteger(start) || start < 1) return [];
      const udp = Port.udp(start, end);
      if (protocol === "UDP") return [udp];
      return protocol === "ANY" ? [Port.tcp(start, end), udp] : [Port.tcp(start, end)];
    });

const isDns = ({ start }: Port): boolean => start === 53;

const namespaceIn = (labels: Fields): string | undefined =>
  NAMESPACE_KEYS.map((key) => labels[key]).find((value): value is string => typeof value === "string");

/** Apps of the homelab that labels mean: all of a namespace, or one by its name. */
const appsMeant = (labels: Fields, { apps, namespace, app }: Surroundings): AppDeclaration[] => {
  const wanted = namespaceIn(labels) ?? namespace;
  const names = Object.entries(labels)
    .filter(([key]) => !NAMESPACE_KEYS.includes(key))
    .map(([, value]) => value);
  return names.length === 0
    ? []
    : apps.filter(
        ({ name, props }) => name !== app && names.includes(name) && (props.namespace ?? name) === wanted,
      );
};

const inbound = (labels: Fields, ports: readonly Port[], around: Surroundings): DeclaredLink[] => {
  const from = namespaceIn(labels);
  if (from === "traefik") {
    const isImplied =
      around.hasHost && (ports.length === 0 || ports.every(({ start }) => start === around.port));
    return isImplied ? [] : [exposedBy(gateway, ...ports)];
  }
  if (from === "monitoring") {
    const own = ports.length > 0 ? ports.map(({ start }) => start) : around.scraped;
    const [first, ...others] = own.length > 0 || around.port === undefined ? own : [around.port];
    return first === undefined ? [] : [scrapedBy(metrics, first, ...others)];
  }
  const meant = appsMeant(labels, around);
  const open = ports.length > 0 ? ports : around.port === undefined ? [] : [Port.tcp(around.port)];
  const [one, ...more] = open;
  if (meant.length === 0 || one === undefined)
    return unsaid(`${spoken(labels)} may call it: reachedBy(…)`, around);
  return meant.map(({ name }) => reachedBy(name, one, ...more));
};

const outbound = (labels: Fields, ports: readonly Port[], around: Surroundings): DeclaredLink[] => {
  const to = namespaceIn(labels);
  if (ports.length > 0 && ports.every(isDns)) return [];
  if (to === "kube-system") return [];
  const [one, ...more] = ports;
  const isItself = Object.entries(labels).some(
    ([key, value]) => !NAMESPACE_KEYS.includes(key) && value === around.app,
  );
  if (isItself) return one === undefined ? [] : [talksToItself(one, ...more)];
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
    const found = around.apps.find(
      ({ name, props }) =>
        (props.service?.name ?? name) === service && (props.namespace ?? name) === namespace,
    );
    if (service === around.app) return [];
    if (!found) return unsaid(`it calls ${address}, which no app here serves`, around);
    return [
      uses(
        found.name,
        ...(port !== undefined &&
        Number(port) !== found.props.service?.port &&
        Number(port) !== found.props.port
          ? [Port.tcp(Number(port))]
          : []),
      ),
    ];
  });

/** Addresses of the homelab that a text names, which the way to the internet leaves out. */
const addressesIn = (text: string): DeclaredLink[] =>
  [...text.matchAll(PRIVATE)].map(([before, address = "", port]) =>
    egressTo(
      address,
      Port.tcp(Number(port ?? (/https:/.test(text.slice(0, text.indexOf(before) + 8)) ? 443 : 80))),
    ),
  );

/** Texts in a value, however deep. */
export const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isFields(value) ? Object.values(value).flatMap(textsIn) : [];
};
