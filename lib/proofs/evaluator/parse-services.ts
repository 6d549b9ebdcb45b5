/**
 * `toServices`, which the agent translates before it parses the policy (`pkg/policy/k8s/service.go`): a Service with a
 * selector becomes the pods that this selects in the Service's namespace, one without becomes its addresses.
 *
 * Only egress allows are translated. A reference that matches no Service adds no peer; with ports the rule then
 * has no peer list at all, and so covers every peer on these ports.
 */
import { cidrLabelKey, parsePrefixOrAddress } from "./cidr.ts";
import { NAMESPACE_KEY } from "./labels.ts";
import { type BackedService, isAtLeast, type PolicyPeer, type PolicySettings } from "./model.ts";
import { WORLD } from "./parse-cidrs.ts";
import { Selector } from "./selector.ts";
import type { WireService } from "./wire.ts";

const selectsLabels = (
  { matchLabels, matchExpressions }: NonNullable<WireService["selector"]>["selector"],
  labels: Readonly<Record<string, string>>,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });

/** A selector takes precedence over a name; a reference without a namespace means every namespace. */
const refersTo = (reference: WireService, { name, namespace, labels = {} }: BackedService): boolean => {
  const { selector, service } = reference;
  if (selector) {
    return ["", namespace].includes(selector.namespace) && selectsLabels(selector.selector, labels);
  }
  return service !== undefined && ["", namespace].includes(service.namespace) && service.name === name;
};

/**
 * Before 1.19 the agent takes the keys of a Service's selector for extended ones, so that a key with a dot, e.g.
 * `app.kubernetes.io/name`, matches no pod.
 */
const podSelector = ({ namespace, selector = {} }: BackedService, settings: PolicySettings): Selector => {
  const entries = Object.entries(selector);
  const prefixed = isAtLeast(settings, 19);
  return new Selector(
    new Map([
      ...entries.map(([key, value]): [string, string] => [prefixed ? `k8s.${key}` : key, value]),
      [NAMESPACE_KEY, namespace],
    ]),
    [],
  );
};

const selectorsOf = (service: BackedService, settings: PolicySettings): readonly Selector[] =>
  Object.keys(service.selector ?? {}).length > 0
    ? [podSelector(service, settings)]
    : (service.addresses ?? []).map((address) =>
        Selector.label(`cidr.${cidrLabelKey(parsePrefixOrAddress(address))}`),
      );

const display = ({ service, selector }: WireService): string =>
  service
    ? `Service ${service.namespace}/${service.name}`
    : `Services of ${selector?.namespace || "any namespace"}`;

/** The peers that the references select. Without a match it is nobody, or everybody on the rule's ports: see above. */
export const servicePeers = (
  references: readonly WireService[],
  path: string,
  hasPorts: boolean,
  settings: PolicySettings,
): PolicyPeer[] => {
  const { services } = settings;
  if (!services) {
    const namespaced = Selector.of({ key: NAMESPACE_KEY, operator: "Exists", values: [] });
    return references.map((reference, index) => ({
      type: "unknown",
      path: `${path}[${index}]`,
      construct: "toServices",
      among: hasPorts ? [Selector.of()] : [...WORLD, namespaced],
      text: display(reference),
    }));
  }
  const found = references.map((reference) => services.filter((service) => refersTo(reference, service)));
  const nobody = Selector.label("reserved.none");
  const without = hasPorts && found.every((matches) => matches.length === 0) ? Selector.of() : nobody;
  return references.flatMap((reference, index): PolicyPeer[] => {
    const at = { type: "selector", origin: "service", path: `${path}[${index}]` } as const;
    const matches = found[index] ?? [];
    if (matches.length === 0) {
      return [{ ...at, selector: without, text: `${display(reference)}, which matches no Service` }];
    }
    return matches.flatMap((service) =>
      selectorsOf(service, settings).map((selector) => ({
        ...at,
        selector,
        text: `Service ${service.namespace}/${service.name}`,
      })),
    );
  });
};
