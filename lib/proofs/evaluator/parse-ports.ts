/** `toPorts` and `icmps`, checked in the agent's order and with its messages (`pkg/policy/api/rule_validation.go`). */

import type { PortEntry } from "./model.ts";
import { icmpType, isServiceName, namedPort, parsePortNumber, portRange } from "./ports.ts";
import { RejectionError } from "./rejection.ts";
import type { WireIcmp, WireItem, WireL7, WirePort, WirePortRule } from "./wire.ts";

/** More entries in one list are refused. */
const MAX_PORTS = 40;
const PROTOCOLS = ["ANY", "TCP", "UDP", "SCTP", "VRRP", "IGMP"];
const NAME_CHARACTERS = /^[-a-zA-Z0-9_.]+$/;
const PATTERN_CHARACTERS = /^[-a-zA-Z0-9_.*]+$/;

/** Number of rules of each kind: none means that no proxy is involved. */
const l7Count = (rules: WireL7 | undefined): number =>
  (rules?.http?.length ?? 0) +
  (rules?.kafka?.length ?? 0) +
  (rules?.dns?.length ?? 0) +
  (rules?.l7?.length ?? 0);

const protocolOf = (text: string): string => {
  const protocol = text === "" ? "ANY" : text.toUpperCase();
  if (!PROTOCOLS.includes(protocol)) {
    throw new RejectionError(
      `invalid protocol ${JSON.stringify(protocol)}, must be { tcp | udp | sctp | vrrp | igmp | any }`,
    );
  }
  return protocol;
};

/** Repeats the agent's checks of a name in a DNS rule or in toFQDNs. */
export const checkFqdn = ({ matchName, matchPattern }: { matchName: string; matchPattern: string }): void => {
  if (matchName !== "" && !NAME_CHARACTERS.test(matchName)) {
    throw new RejectionError(
      `Invalid characters in MatchName: "${matchName}". Only 0-9, a-z, A-Z and . and - characters are allowed`,
    );
  }
  if (matchPattern !== "" && !PATTERN_CHARACTERS.test(matchPattern)) {
    throw new RejectionError(
      `Invalid characters in MatchPattern: "${matchPattern}". Only 0-9, a-z, A-Z and ., - and * characters are allowed`,
    );
  }
};

/** Refuses an expression that no dialect of regular expressions takes; Go's own syntax is not checked. */
const checkExpression = (expression: unknown): void => {
  if (typeof expression !== "string" || expression.includes("(?")) return;
  try {
    new RegExp(expression);
  } catch (error) {
    throw new RejectionError(`error parsing regexp: ${(error as Error).message}`);
  }
};

const checkL7 = (rules: WireL7, ports: readonly WirePort[]): void => {
  for (const { path, method } of rules.http ?? []) [path, method].forEach(checkExpression);
  for (const header of (rules.http ?? []).flatMap(({ headerMatches }) =>
    Array.isArray(headerMatches) ? headerMatches : [],
  )) {
    if (!header?.name) throw new RejectionError("Header name missing");
    if (!["", "LOG", "ADD", "DELETE", "REPLACE"].includes(header.mismatch ?? "")) {
      throw new RejectionError(`Invalid header action: ${header.mismatch}`);
    }
    if (header.secret && !header.secret.name) throw new RejectionError("Secret name missing");
  }
  if (rules.dns !== undefined) {
    if (ports.length === 0) throw new RejectionError("port 53 must be specified for DNS rules");
    rules.dns.forEach(checkFqdn);
  }
  if (rules.l7 !== undefined && rules.l7proto === "") {
    throw new RejectionError("'l7' may only be specified when a 'l7proto' is also specified");
  }
  if (rules.l7?.some((rule) => "" in rule)) throw new RejectionError("Empty key not allowed");
  const kinds = [
    rules.http !== undefined,
    rules.kafka !== undefined,
    rules.dns !== undefined,
    rules.l7proto !== "",
  ];
  if (kinds.filter(Boolean).length > 1) {
    throw new RejectionError("multiple L7 protocol rule types specified in single rule");
  }
};

/** Checks one port and gives its entry; `isZero` stands for the wildcard port. */
const parsePort = (
  { port, endPort, protocol }: WirePort,
  hasDns: boolean,
): { match: PortEntry["match"]; protocol: string; isZero: boolean } => {
  if (port === "") throw new RejectionError("port must be specified");
  if (isServiceName(port)) {
    const parsed = protocolOf(protocol);
    return { match: namedPort(parsed, port, endPort), protocol: parsed, isZero: false };
  }
  if (port !== "0" && (protocol === "VRRP" || protocol === "IGMP")) {
    throw new RejectionError("port must be empty or 0");
  }
  const number = parsePortNumber(port);
  if (hasDns && endPort > number) throw new RejectionError("DNS rules do not support port ranges");
  const parsed = protocolOf(protocol);
  return { match: portRange(parsed, number, endPort), protocol: parsed, isZero: number === 0 };
};

const l7Name = (rules: WireL7 | undefined): string | undefined => {
  if (rules?.dns?.length) return "dns";
  if (rules?.http?.length) return "http";
  if (rules?.kafka?.length) return "kafka";
  return rules?.l7proto || undefined;
};

const constructsOf = (rule: WirePortRule): string[] => [
  ...(rule.serverNames.length > 0 ? ["serverNames"] : []),
  ...(rule.terminatingTLS ? ["terminatingTLS"] : []),
  ...(rule.originatingTLS ? ["originatingTLS"] : []),
  ...(rule.listener === undefined ? [] : [`listener ${rule.listener}`]),
];

const parsePortRule = (rule: WirePortRule, ingress: boolean): PortEntry[] => {
  const hasL7 = l7Count(rule.rules) > 0;
  const hasDns = (rule.rules?.dns?.length ?? 0) > 0;
  if (ingress && hasDns) throw new RejectionError("DNS rules are not allowed on ingress");
  if (rule.serverNames.length > 0 && hasL7 && !rule.terminatingTLS) {
    throw new RejectionError("ServerNames are not allowed with L7 rules without TLS termination");
  }
  if (rule.serverNames.includes("")) throw new RejectionError("empty server name is not allowed");
  if (rule.ports.length > MAX_PORTS) throw new RejectionError(`too many ports, the max is ${MAX_PORTS}`);
  const constructs = constructsOf(rule);
  const l7 = l7Name(rule.rules);
  let hasZero = false;
  const entries = rule.ports.map((port): PortEntry => {
    const { match, protocol, isZero } = parsePort(port, hasDns);
    hasZero ||= isZero;
    if (hasL7 && !hasDns && protocol !== "TCP") {
      throw new RejectionError(`L7 rules can only apply to TCP (not ${protocol}) except for DNS rules`);
    }
    const dns = hasDns ? { dns: rule.rules?.dns ?? [] } : {};
    return { match, constructs, ...(l7 === undefined ? {} : { l7 }), ...dns };
  });
  if (rule.listener !== undefined) {
    if (ingress) throw new RejectionError(`Listener is not allowed on ingress (${rule.listener})`);
    if (hasL7) throw new RejectionError(`Listener is not allowed with L7 rules (${rule.listener})`);
  }
  if (hasL7 && rule.rules) {
    if (hasZero) throw new RejectionError("L7 rules can not be used when a port is 0");
    checkL7(rule.rules, rule.ports);
  }
  return entries;
};

const parseIcmp = (fields: readonly WireIcmp[]): PortEntry[] => {
  if (fields.length > MAX_PORTS) throw new RejectionError(`too many types, the max is ${MAX_PORTS}`);
  return fields.map(({ family, type }) => {
    if (!["", "IPv4", "IPv6"].includes(family)) throw new RejectionError(`wrong family: ${family}`);
    return { match: icmpType(family, type), constructs: [] };
  });
};

/** Layer 7 rules that a direction or the host cannot have. */
const checkL7Support = (item: WireItem, ingress: boolean, selectsNodes: boolean): void => {
  const rules = item.toPorts.map((rule) => rule.rules).filter((rule) => l7Count(rule) > 0);
  if (ingress && selectsNodes && rules.length > 0) {
    throw new RejectionError("L7 policy is not supported on host ingress yet");
  }
  if (ingress && rules.some((rule) => rule?.dns?.length)) {
    throw new RejectionError("L7 protocol DNS is not supported on ingress yet");
  }
  if (ingress || !selectsNodes) return;
  if (rules.some((rule) => rule?.kafka?.length)) {
    throw new RejectionError("L7 protocol Kafka is not supported on host egress yet");
  }
  if (rules.some((rule) => rule?.http?.length)) {
    throw new RejectionError("L7 protocol HTTP is not supported on host egress yet");
  }
};

/**
 * The ports of a rule: undefined when it has neither `toPorts` nor `icmps` with entries, and so covers
 * every port. `toPorts: [{ports: []}]` covers none.
 */
export const parsePorts = (
  item: WireItem,
  { ingress, deny, selectsNodes }: { ingress: boolean; deny: boolean; selectsNodes: boolean },
): readonly PortEntry[] | undefined => {
  if (!deny) checkL7Support(item, ingress, selectsNodes);
  if (item.icmps.length > 0 && item.toPorts.length > 0) {
    throw new RejectionError(
      "the ICMPs block may only be present without ToPorts. Define a separate rule to use ToPorts",
    );
  }
  if (item.toPorts.length > 0) {
    return item.toPorts.flatMap((rule) => parsePortRule(rule, ingress));
  }
  if (item.icmps.length > 0) {
    return item.icmps.flatMap(parseIcmp);
  }
  return undefined;
};
