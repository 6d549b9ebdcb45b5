/** The spec of CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, with types but not yet checked. */
import type { Fields } from "../../core/fields.ts";
import {
  booleanAt,
  DecodeError,
  fieldsAt,
  integerAt,
  integerOrStringAt,
  listAt,
  stringAt,
  stringsAt,
} from "./decode.ts";
import type { FqdnSelector } from "./fqdn.ts";
import { icmpTypeNumber } from "./icmp.ts";
import type { RawSelector } from "./selector.ts";

export type Direction = "ingress" | "egress";

export interface WirePort {
  readonly port: string;
  readonly endPort: number;
  readonly protocol: string;
}

export interface WireL7 {
  /** Lists as they stand; undefined when absent. */
  readonly http: readonly Fields[] | undefined;
  readonly kafka: readonly Fields[] | undefined;
  readonly dns: readonly FqdnSelector[] | undefined;
  readonly l7: readonly Fields[] | undefined;
  readonly l7proto: string;
}

export interface WirePortRule {
  readonly ports: readonly WirePort[];
  readonly rules: WireL7 | undefined;
  readonly serverNames: readonly string[];
  /** Name of the listener. */
  readonly listener: string | undefined;
  readonly terminatingTLS: boolean;
  readonly originatingTLS: boolean;
}

export interface WireIcmp {
  readonly family: string;
  readonly type: number;
}

export interface WireCidrRule {
  readonly cidr: string;
  readonly cidrGroupRef: string;
  readonly cidrGroupSelector: RawSelector | undefined;
  readonly except: readonly string[];
}

export interface WireService {
  readonly service: { readonly name: string; readonly namespace: string } | undefined;
  readonly selector: { readonly selector: RawSelector; readonly namespace: string } | undefined;
}

/** One entry of ingress, ingressDeny, egress or egressDeny. */
export interface WireItem {
  readonly endpoints: readonly RawSelector[] | undefined;
  readonly requires: readonly RawSelector[] | undefined;
  readonly nodes: readonly RawSelector[] | undefined;
  readonly cidr: readonly string[] | undefined;
  readonly cidrSet: readonly WireCidrRule[] | undefined;
  readonly entities: readonly string[] | undefined;
  readonly groups: readonly unknown[] | undefined;
  readonly services: readonly WireService[] | undefined;
  readonly fqdns: readonly FqdnSelector[] | undefined;
  readonly toPorts: readonly WirePortRule[];
  readonly icmps: readonly (readonly WireIcmp[])[];
  /** Mode of authentication, empty when none is set. */
  readonly authentication: string;
  /** Paths of the rule and of its peers, when this is not an entry of a Cilium policy. */
  readonly paths?: { readonly rule: string; readonly peers: string };
}

export interface WireRule {
  readonly endpointSelector: RawSelector | undefined;
  readonly nodeSelector: RawSelector | undefined;
  readonly ingress: readonly WireItem[];
  readonly ingressDeny: readonly WireItem[];
  readonly egress: readonly WireItem[];
  readonly egressDeny: readonly WireItem[];
  readonly enableDefaultDeny: { readonly ingress: boolean | undefined; readonly egress: boolean | undefined };
}

export const decodeSelector = (value: unknown, path: string): RawSelector => {
  const { matchLabels, matchExpressions } = fieldsAt(value, path);
  return {
    matchLabels: stringsAt(matchLabels, `${path}.matchLabels`),
    matchExpressions:
      listAt(matchExpressions, `${path}.matchExpressions`, (entry, at) => {
        const { key, operator, values } = fieldsAt(entry, at);
        return {
          key: stringAt(key, `${at}.key`),
          operator: stringAt(operator, `${at}.operator`),
          values: listAt(values, `${at}.values`, stringAt) ?? [],
        };
      }) ?? [],
  };
};

/** Absent means undefined, but null means the selector of everything: so Go's decoder has it. */
export const decodeOptionalSelector = (value: unknown, path: string): RawSelector | undefined =>
  value === undefined ? undefined : decodeSelector(value, path);

const decodeFqdn = (value: unknown, path: string): FqdnSelector => {
  const { matchName, matchPattern } = fieldsAt(value, path);
  return {
    matchName: stringAt(matchName, `${path}.matchName`),
    matchPattern: stringAt(matchPattern, `${path}.matchPattern`),
  };
};

const decodeL7 = (value: unknown, path: string): WireL7 | undefined => {
  if (value === undefined || value === null) return undefined;
  const { http, kafka, dns, l7, l7proto } = fieldsAt(value, path);
  return {
    http: listAt(http, `${path}.http`, fieldsAt),
    kafka: listAt(kafka, `${path}.kafka`, fieldsAt),
    dns: listAt(dns, `${path}.dns`, decodeFqdn),
    l7: listAt(l7, `${path}.l7`, fieldsAt),
    l7proto: stringAt(l7proto, `${path}.l7proto`),
  };
};

const decodePorts = (value: unknown, path: string): readonly WirePort[] =>
  listAt(value, path, (entry, at) => {
    const { port, endPort, protocol } = fieldsAt(entry, at);
    return {
      port: stringAt(port, `${at}.port`),
      endPort: integerAt(endPort, `${at}.endPort`),
      protocol: stringAt(protocol, `${at}.protocol`),
    };
  }) ?? [];

/** A deny rule has ports only; whatever else stands there is dropped. */
const decodePortDenyRule = (value: unknown, path: string): WirePortRule => ({
  ports: decodePorts(fieldsAt(value, path).ports, `${path}.ports`),
  rules: undefined,
  serverNames: [],
  listener: undefined,
  terminatingTLS: false,
  originatingTLS: false,
});

const decodePortRule = (value: unknown, path: string): WirePortRule => {
  const { ports, rules, serverNames, listener, terminatingTLS, originatingTLS } = fieldsAt(value, path);
  return {
    ports: decodePorts(ports, `${path}.ports`),
    rules: decodeL7(rules, `${path}.rules`),
    serverNames: listAt(serverNames, `${path}.serverNames`, stringAt) ?? [],
    listener:
      listener === undefined || listener === null
        ? undefined
        : stringAt(fieldsAt(listener, `${path}.listener`).name, `${path}.listener.name`),
    terminatingTLS: terminatingTLS !== undefined && terminatingTLS !== null,
    originatingTLS: originatingTLS !== undefined && originatingTLS !== null,
  };
};

const decodeIcmp = (value: unknown, path: string): readonly WireIcmp[] =>
  listAt(fieldsAt(value, path).fields, `${path}.fields`, (entry, at) => {
    const fields = fieldsAt(entry, at);
    const family = stringAt(fields.family, `${at}.family`);
    const type = icmpTypeNumber(family, integerOrStringAt(fields.type, `${at}.type`));
    if (type === undefined) throw new DecodeError(`ICMP type ${fields.type} not found in ${family}`);
    return { family, type };
  }) ?? [];

const decodeCidrRule = (value: unknown, path: string): WireCidrRule => {
  const { cidr, cidrGroupRef, cidrGroupSelector, except } = fieldsAt(value, path);
  return {
    cidr: stringAt(cidr, `${path}.cidr`),
    cidrGroupRef: stringAt(cidrGroupRef, `${path}.cidrGroupRef`),
    cidrGroupSelector:
      cidrGroupSelector === null
        ? undefined
        : decodeOptionalSelector(cidrGroupSelector, `${path}.cidrGroupSelector`),
    except: listAt(except, `${path}.except`, stringAt) ?? [],
  };
};

const decodeService = (value: unknown, path: string): WireService => {
  const { k8sService, k8sServiceSelector } = fieldsAt(value, path);
  const byName = fieldsAt(k8sService, `${path}.k8sService`);
  const bySelector = fieldsAt(k8sServiceSelector, `${path}.k8sServiceSelector`);
  return {
    service: k8sService
      ? {
          name: stringAt(byName.serviceName, `${path}.k8sService.serviceName`),
          namespace: stringAt(byName.namespace, `${path}.k8sService.namespace`),
        }
      : undefined,
    selector: k8sServiceSelector
      ? {
          selector: decodeSelector(bySelector.selector, `${path}.k8sServiceSelector.selector`),
          namespace: stringAt(bySelector.namespace, `${path}.k8sServiceSelector.namespace`),
        }
      : undefined,
  };
};

const decodeItem =
  (direction: Direction, deny: boolean) =>
  (value: unknown, path: string): WireItem => {
    const fields = fieldsAt(value, path);
    const side = direction === "ingress" ? "from" : "to";
    const list = <T>(name: string, item: (value: unknown, path: string) => T): readonly T[] | undefined =>
      listAt(fields[name], `${path}.${name}`, item);
    return {
      endpoints: list(`${side}Endpoints`, decodeSelector),
      requires: list(`${side}Requires`, decodeSelector),
      nodes: list(`${side}Nodes`, decodeSelector),
      cidr: list(`${side}CIDR`, stringAt),
      cidrSet: list(`${side}CIDRSet`, decodeCidrRule),
      entities: list(`${side}Entities`, stringAt),
      groups: list(`${side}Groups`, (group) => group),
      services: direction === "egress" ? list("toServices", decodeService) : undefined,
      fqdns: direction === "egress" && !deny ? list("toFQDNs", decodeFqdn) : undefined,
      toPorts: list("toPorts", deny ? decodePortDenyRule : decodePortRule) ?? [],
      icmps: list("icmps", decodeIcmp) ?? [],
      authentication: deny
        ? ""
        : stringAt(
            fieldsAt(fields.authentication, `${path}.authentication`).mode,
            `${path}.authentication.mode`,
          ),
    };
  };

/** Throws a DecodeError with the path of what has another type than the field. */
export const decodeRule = (value: unknown, path: string): WireRule => {
  const fields = fieldsAt(value, path);
  const items = (direction: Direction, deny: boolean): readonly WireItem[] => {
    const name = deny ? `${direction}Deny` : direction;
    return listAt(fields[name], `${path}.${name}`, decodeItem(direction, deny)) ?? [];
  };
  const enableDefaultDeny = fieldsAt(fields.enableDefaultDeny, `${path}.enableDefaultDeny`);
  return {
    endpointSelector: decodeOptionalSelector(fields.endpointSelector, `${path}.endpointSelector`),
    nodeSelector: decodeOptionalSelector(fields.nodeSelector, `${path}.nodeSelector`),
    ingress: items("ingress", false),
    ingressDeny: items("ingress", true),
    egress: items("egress", false),
    egressDeny: items("egress", true),
    enableDefaultDeny: {
      ingress: booleanAt(enableDefaultDeny.ingress, `${path}.enableDefaultDeny.ingress`),
      egress: booleanAt(enableDefaultDeny.egress, `${path}.enableDefaultDeny.egress`),
    },
  };
};
