/** Derives identities from policies: one for every selector, CIDR and name, so that each rule has an effect. */
import { parsePrefixOrAddress, prefixOfLabelKey } from "../../lib/proofs/evaluator/cidr.ts";
import type { FqdnSelector } from "../../lib/proofs/evaluator/fqdn.ts";
import {
  dnsNamesOf,
  type Identity,
  labelsOf,
  type PodIdentity,
} from "../../lib/proofs/evaluator/identities.ts";
import { LabelIndex } from "../../lib/proofs/evaluator/label-index.ts";
import {
  CLUSTER_LABEL,
  NAMESPACE_LABEL,
  NAMESPACE_LABELS_PREFIX,
  parseExtendedKey,
  SERVICE_ACCOUNT_LABEL,
} from "../../lib/proofs/evaluator/labels.ts";
import type { PolicySettings, PolicySpec } from "../../lib/proofs/evaluator/model.ts";
import type { NamedPort } from "../../lib/proofs/evaluator/ports.ts";
import type { Requirement, Selector } from "../../lib/proofs/evaluator/selector.ts";
import type { NamedPortNumbers } from "./stretches.ts";

type Labels = Readonly<Record<string, string>>;

/** The namespace of a pod whose selector names none. */
const SOME_NAMESPACE = "some-namespace";
/** The most pods that stand for those with the labels of two selectors. */
const MOST_COMBINED = 200;
/** The value of a label that must merely exist. */
const SOME_VALUE = "any";
/** Stands for a label that a name is put in place of. */
const WILDCARD = /\*+/g;

/** The labels that a pod is called after, by the first one that it has. */
const NAME_LABELS = ["app.kubernetes.io/name", "k8s-app", "app"] as const;

/** The labels and the namespace that a selector asks of a pod. */
interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly namespaceLabels: Labels;
  readonly serviceAccount?: string;
}

/** Id of a pod: `media/jellyfin` when its name is all it has, else `media/app=jellyfin,tier=web`. */
export const podId = ({ namespace, labels, namespaceLabels, serviceAccount }: Pod): string => {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = entries.map(([key, value]) => `${key}=${value}`).join(",") || "*";
  const name = entries.length === 1 ? (labels[NAME_LABELS[0]] ?? written) : written;
  const namespaceText = Object.entries(namespaceLabels).map(([key, value]) => `${key}=${value}`);
  return [
    `${namespace}/${name}`,
    ...(namespaceText.length > 0 ? [`in a namespace with ${namespaceText.sort().join(",")}`] : []),
    ...(serviceAccount === undefined ? [] : [`as service account ${serviceAccount}`]),
  ].join(" ");
};

/** A short name of the pod that is not its id. */
export const shortPodName = ({ namespace, labels = {} }: PodIdentity): string | undefined => {
  const key = NAME_LABELS.find((label) => labels[label] !== undefined);
  return key === undefined ? undefined : `${namespace}/${labels[key]}`;
};

/** Container ports that give a number to every port name of the policies. */
export const namedPorts = (numbers: NamedPortNumbers): readonly NamedPort[] =>
  [...numbers].flatMap(([name, port]) =>
    (["TCP", "UDP", "SCTP"] as const).map((protocol) => ({ name, port, protocol })),
  );

/** Sources of identities besides those that are known. */
export interface RepresentativesProps {
  /** Every spec that the identities are asked about. */
  readonly specs: readonly PolicySpec[];
  /**
   * Specs whose selectors are combined with those of all others: a pod may carry the labels of both.
   * @default - none
   */
  readonly combined?: readonly PolicySpec[];
  /** Identities that are there anyway. */
  readonly known: readonly Identity[];
  readonly settings: PolicySettings;
  /** Labels of namespaces. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly named: NamedPortNumbers;
}

/** The identities that the policies speak of and that are not known. */
export const representatives = (props: RepresentativesProps): readonly Identity[] => {
  const { specs, combined = [], known, settings } = props;
  const index = new LabelIndex(known.map((identity) => labelsOf(identity, settings)));
  const isKnown = (selector: Selector): boolean => index.select(selector).some((word) => word !== 0);
  const podSelectors = selectorsOf(specs).filter(isOfPods);
  const pods = [
    ...podSelectors.flatMap(({ requirements }, at) => [
      ...(podSelectors[at] && isKnown(podSelectors[at]) ? [] : [podOf(requirements)]),
      ...variants(requirements).map(podOf),
    ]),
    ...combinedPods(selectorsOf(combined).filter(isOfPods), podSelectors),
  ];
  const nodes = specs.filter(({ selectsNodes }) => selectsNodes).map(({ subject }) => nodeOf(subject));
  const all: Identity[] = [
    ...pods.map((pod) => podIdentity(pod, props)),
    ...nodes,
    ...reservedOf(selectorsOf(specs)),
    ...cidrsOf(selectorsOf(specs)),
    ...fqdnsOf(specs, known),
  ];
  const taken = new Set(known.map(sameness));
  const ids = new Set(known.map(({ id }) => id));
  return all.filter((identity) => {
    if (taken.has(sameness(identity)) || ids.has(identity.id)) return false;
    taken.add(sameness(identity));
    ids.add(identity.id);
    return true;
  });
};

/** Equal for identities that no policy can tell apart. */
const sameness = (identity: Identity): string => {
  if (identity.kind !== "pod") return JSON.stringify({ ...identity, id: "" });
  const { namespace, labels = {}, serviceAccount = "default" } = identity;
  return JSON.stringify([namespace, Object.entries(labels).sort(), serviceAccount]);
};

const podIdentity = (pod: Pod, { namespaces, named }: RepresentativesProps): PodIdentity => ({
  id: podId(pod),
  kind: "pod",
  ...pod,
  namespaceLabels: { ...namespaces.get(pod.namespace), ...pod.namespaceLabels },
  ...(named.size > 0 && { namedPorts: namedPorts(named) }),
});

/** Every selector of the specs, once. */
const selectorsOf = (specs: readonly PolicySpec[]): readonly Selector[] => {
  const all = specs.flatMap(({ subject, selectsNodes, rules }) => [
    ...(selectsNodes ? [] : [subject]),
    ...rules.flatMap(({ peers }) =>
      peers.flatMap((peer) =>
        peer.type === "selector" ? [peer.selector] : peer.type === "unknown" ? peer.among : [],
      ),
    ),
  ]);
  return [...new Map(all.map((selector) => [selector.id, selector])).values()];
};

/** Labels of pods have the source `k8s`, and a selector may leave the source open. */
const isOfPods = ({ requirements }: Selector): boolean =>
  requirements.every(({ key }) => ["k8s", "any"].includes(parseExtendedKey(key).source));

/** A pod that fulfils all requirements: the first of several values, and none of those that are excluded. */
const podOf = (requirements: readonly Requirement[]): Pod => {
  const labels: Record<string, string> = {};
  const namespaceLabels: Record<string, string> = {};
  let namespace = SOME_NAMESPACE;
  let serviceAccount: string | undefined;
  for (const { key: extended, operator, values } of requirements) {
    const { key } = parseExtendedKey(extended);
    if (operator === "NotIn" || operator === "DoesNotExist") continue;
    const value = operator === "In" ? (values[0] ?? "") : undefined;
    if (key === NAMESPACE_LABEL) namespace = value ?? namespace;
    else if (key === SERVICE_ACCOUNT_LABEL) serviceAccount = value;
    else if (key === `${NAMESPACE_LABELS_PREFIX}kubernetes.io/metadata.name`) namespace = value ?? namespace;
    else if (key.startsWith(NAMESPACE_LABELS_PREFIX))
      namespaceLabels[key.slice(NAMESPACE_LABELS_PREFIX.length)] = value ?? SOME_VALUE;
    else if (key !== CLUSTER_LABEL) labels[key] ??= value ?? SOME_VALUE;
  }
  return { namespace, labels, namespaceLabels, ...(serviceAccount !== undefined && { serviceAccount }) };
};

/** The other values of each requirement, the excluded ones too: pods at the selector's edges. */
const variants = (requirements: readonly Requirement[]): (readonly Requirement[])[] =>
  requirements.flatMap((requirement, at) => {
    const { key, operator, values } = requirement;
    const others =
      operator === "In"
        ? values.slice(1)
        : operator === "NotIn"
          ? values
          : operator === "DoesNotExist"
            ? [SOME_VALUE]
            : [];
    return others.map((value): readonly Requirement[] => [
      { key, operator: "In", values: [value] },
      ...requirements.filter((_, other) => other !== at),
    ]);
  });

/** Pods with the labels of two selectors, at most so many that a comparison stays quick. */
const combinedPods = (some: readonly Selector[], all: readonly Selector[]): readonly Pod[] => {
  const pods = some.flatMap((selector) => all.flatMap((other) => combinedPod(selector, other)));
  return [...new Map(pods.map((pod) => [podId(pod), pod])).values()].slice(0, MOST_COMBINED);
};

/** A pod with the labels of both, unless they ask for different values of one label. */
const combinedPod = (one: Selector, other: Selector): Pod[] => {
  const narrowed = one.requirements.map((requirement): Requirement => {
    const same = other.requirements.filter(
      ({ key, operator }) => operator === "In" && sameKey(key, requirement.key),
    );
    if (requirement.operator !== "In") return same[0] ?? requirement;
    const values = requirement.values.filter((value) =>
      same.every((theirs) => theirs.values.includes(value)),
    );
    return { ...requirement, values };
  });
  const conflict = narrowed.some(({ operator, values }) => operator === "In" && values.length === 0);
  return conflict ? [] : [podOf([...narrowed, ...other.requirements])];
};

const sameKey = (one: string, other: string): boolean =>
  parseExtendedKey(one).key === parseExtendedKey(other).key;

const nodeOf = ({ requirements }: Selector): Identity => {
  const { labels } = podOf(requirements);
  const text = Object.entries(labels).map(([key, value]) => (value === "" ? key : `${key}=${value}`));
  return { id: text.length === 0 ? "node" : `node with ${text.sort().join(",")}`, kind: "host", labels };
};

/** Endpoints that have a reserved label and nothing else. */
const RESERVED = ["health", "ingress", "init", "unmanaged", "world"] as const;

const reservedOf = (selectors: readonly Selector[]): Identity[] => {
  const keys = new Set(selectors.flatMap(({ requirements }) => requirements.map(({ key }) => key)));
  return RESERVED.filter((kind) => keys.has(`reserved.${kind}`)).map((kind) => ({ id: kind, kind }));
};

/** Every prefix that a rule names or excepts. */
const cidrsOf = (selectors: readonly Selector[]): Identity[] =>
  selectors
    .flatMap(({ requirements }) => requirements.map(({ key }) => parseExtendedKey(key)))
    .filter(({ source, key }) => source === "cidr" && (prefixOfLabelKey(key)?.bits ?? 0) > 0)
    .map(({ key }) => cidrIdentity(key.replaceAll("-", ":")));

/** An address or prefix outside the cluster; a single address is called without its length. */
export const cidrIdentity = (cidr: string): Identity => {
  const { family, bits } = parsePrefixOrAddress(cidr);
  return { id: bits === (family === 4 ? 32 : 128) ? cidr.replace(/\/.*/, "") : cidr, kind: "cidr", cidr };
};

/** Names that rules use and no known identity has. */
const fqdnsOf = (specs: readonly PolicySpec[], known: readonly Identity[]): Identity[] => {
  const taken = known.flatMap(dnsNamesOf);
  const selectors = specs.flatMap(({ rules }) =>
    rules.flatMap(({ peers }) => peers.flatMap((peer) => (peer.type === "fqdn" ? [peer.fqdn] : []))),
  );
  return [...new Set(selectors.map(exampleName))]
    .filter((name) => name !== "" && !taken.includes(name))
    .map(fqdnIdentity);
};

/** The name, or one that the pattern matches. */
const exampleName = ({ matchName, matchPattern }: FqdnSelector): string =>
  (
    matchName || (matchPattern === "*" ? "any.example" : matchPattern.replaceAll(WILDCARD, SOME_VALUE))
  ).toLowerCase();

/**
 * The identity that a name resolves to. The address is one of those for benchmarks (RFC 2544), which no rule should
 * name: nobody knows beforehand which one the name has.
 */
export const fqdnIdentity = (name: string): Identity => {
  const octets = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 65536, 7);
  return {
    id: `fqdn:${name}`,
    kind: "cidr",
    cidr: `198.18.${octets >> 8}.${octets & 255}/32`,
    dnsNames: [name],
  };
};
