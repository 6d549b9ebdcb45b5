/**
 * The model that parsing makes of a policy: rules that the evaluator can match, whatever kind of object they came
 * from.
 */
import type { FqdnSelector } from "./fqdn.ts";
import type { PortMatch } from "./ports.ts";
import type { Requirement, Selector } from "./selector.ts";
import type { Direction } from "./wire.ts";

export type PolicyKind = "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy" | "NetworkPolicy";

export interface PolicyRef {
  readonly kind: PolicyKind;
  readonly name: string;
  /** Absent for clusterwide policies. */
  readonly namespace?: string;
}

/** `CiliumNetworkPolicy apps/whoami`. */
export const displayPolicy = ({ kind, namespace, name }: PolicyRef): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/** The peers that a rule selects on its far side. Several peers are alternatives. */
export type PolicyPeer = { readonly path: string } & (
  | {
      readonly type: "selector";
      readonly selector: Selector;
      /** The field that the selector was made from. */
      readonly origin: "labels" | "entity" | "cidr" | "service" | "every-peer";
      readonly text: string;
    }
  | { readonly type: "fqdn"; readonly fqdn: FqdnSelector; readonly text: string }
  /**
   * Selects an unknown part of what `among` selects: a construct that needs what was not given, or that is not
   * modelled.
   */
  | {
      readonly type: "unknown";
      readonly construct: string;
      readonly among: readonly Selector[];
      readonly text: string;
    }
);

/** One port entry. */
export interface PortEntry {
  readonly match: PortMatch;
  /** Layer 7 rules that the proxy applies to what this entry lets through, e.g. `http`. */
  readonly l7?: string;
  /** Names whose DNS answers this entry lets Cilium see. */
  readonly dns?: readonly FqdnSelector[];
  /** Constructs that make an allow depend on more than addresses and ports, and that are not modelled. */
  readonly constructs: readonly string[];
}

/** One entry of ingress, ingressDeny, egress or egressDeny. */
export interface PolicyRule {
  readonly policy: PolicyRef;
  /** E.g. `spec.ingress[0]`. */
  readonly path: string;
  readonly direction: Direction;
  readonly deny: boolean;
  readonly peers: readonly PolicyPeer[];
  /** True when `fromRequires` and `toRequires` of other rules narrow the peers. */
  readonly narrowable: boolean;
  /** Undefined covers every port of every protocol, an empty list none. */
  readonly ports: readonly PortEntry[] | undefined;
  /** Unmodelled constructs of the whole rule, as for port entries. */
  readonly constructs: readonly string[];
}

/** One spec: what it selects and the rules it gives to that. */
export interface PolicySpec {
  readonly policy: PolicyRef;
  /** `spec` or e.g. `specs[1]`. */
  readonly path: string;
  /** Endpoints, or with `selectsNodes` the host. */
  readonly subject: Selector;
  readonly selectsNodes: boolean;
  readonly rules: readonly PolicyRule[];
  /** True when the spec has rules for the direction; only then does it have an effect on it. */
  readonly enforces: Readonly<Record<Direction, boolean>>;
  /** True when the selected endpoints are denied every flow that nothing allows. Counts only where it enforces. */
  readonly defaultDeny: Readonly<Record<Direction, boolean>>;
  /** `enableDefaultDeny` as written. */
  readonly declaredDefaultDeny: Readonly<Record<Direction, boolean | undefined>>;
  /** `fromRequires` and `toRequires`: what every peer of the subject must fulfil too. */
  readonly requirements: {
    readonly allow: Readonly<Record<Direction, readonly Requirement[]>>;
    readonly deny: Readonly<Record<Direction, readonly Requirement[]>>;
  };
}

/** A Service, for `toServices`. */
export interface BackedService {
  readonly name: string;
  readonly namespace: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - a Service without selector */
  readonly selector?: Readonly<Record<string, string>>;
  /**
   * Addresses behind a Service without selector.
   * @default - none
   */
  readonly addresses?: readonly string[];
}

/** A CiliumCIDRGroup, for `cidrGroupRef` and `cidrGroupSelector`. */
export interface CidrGroup {
  readonly name: string;
  readonly cidrs: readonly string[];
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Settings of the agent, and objects that policies refer to. */
export interface PolicySettings {
  /**
   * Version of Cilium, `major.minor[.patch]`. From 1.19 on `**.` in `toFQDNs` spans several labels, `fromRequires`
   * and `toRequires` are refused, a Service's selector is matched whatever its keys look like, and IPv4 and IPv6
   * are apart in prefixes of length 0.
   * @default "1.18"
   */
  readonly ciliumVersion?: string;
  /**
   * The agent's host firewall: policies with a nodeSelector apply to the host.
   * @default false
   */
  readonly hostFirewall?: boolean;
  /**
   * The agent's node selector labels: `fromNodes` and `toNodes` are allowed. Without, the agent refuses them.
   * @default false
   */
  readonly nodeSelectorLabels?: boolean;
  /** @default "default" */
  readonly clusterName?: string;
  /**
   * Restricts peer selectors that name no cluster to the local one
   * (`clustermesh.policyDefaultLocalCluster`).
   * @default - as the chart has it: false before Cilium 1.19, true since
   */
  readonly localClusterOnly?: boolean;
  /**
   * Ids of the identities that resolve names, e.g. CoreDNS. With them `toFQDNs` selects a name only for an endpoint whose
   * DNS goes there through a rule that lets Cilium see the answer.
   * @default - every name is taken for resolved
   */
  readonly resolvers?: readonly string[];
  /** @default - not known: what depends on `toServices` is unknown */
  readonly services?: readonly BackedService[];
  /** @default - not known: what depends on CIDR groups is unknown */
  readonly cidrGroups?: readonly CidrGroup[];
}

/** True when the version is at least `1.<minor>`. */
export const isAtLeast = ({ ciliumVersion = "1.18" }: PolicySettings, minor: number): boolean => {
  const match = /^v?(\d+)\.(\d+)/.exec(ciliumVersion);
  if (!match)
    throw new Error(`ciliumVersion must be major.minor[.patch], got ${JSON.stringify(ciliumVersion)}`);
  return Number(match[1]) > 1 || Number(match[2]) >= minor;
};

/** See `localClusterOnly`. */
export const isLocalClusterOnly = (settings: PolicySettings): boolean =>
  settings.localClusterOnly ?? isAtLeast(settings, 19);

/** The reserved label of an external address, in an agent that knows IPv4 only. */
export const worldLabel = (family: 4 | 6, settings: PolicySettings): string =>
  family === 6 && isAtLeast(settings, 19) ? "world-ipv6" : "world";
