/** Ports of a rule: numbers, ranges, names, and the types of ICMP. */
import { RejectionError } from "./rejection.ts";

/** Protocols that a flow can have. */
export type FlowProtocol = "TCP" | "UDP" | "SCTP" | "ICMP" | "ICMPv6";

/** A container port's name, which rules can refer to. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP" | "SCTP";
}

/** One port entry of a rule. */
export type PortMatch =
  | {
      readonly type: "range";
      readonly protocols: readonly string[];
      readonly first: number;
      readonly last: number;
    }
  | {
      readonly type: "named";
      readonly protocols: readonly string[];
      readonly name: string;
      readonly last: number;
      /** Covers only what lies above this port and the name's own. */
      readonly above?: number;
    };

/** Gives the number that a name stands for, or undefined when it stands for none or is ambiguous. */
export type PortNames = (name: string, protocol: string) => number | undefined;

const ANY_PROTOCOLS = ["TCP", "UDP", "SCTP"];

/** Names that IANA allows for a service (RFC 6335): what the agent takes for a named port. */
export const isServiceName = (text: string): boolean =>
  text.length <= 15 && /^([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$/.test(text);

/**
 * Go's `strconv.ParseUint(text, 0, 16)`: a leading zero means octal, underscores may group digits.
 * Hexadecimal numbers cannot occur: they are service names. Throws with Go's message.
 */
export const parsePortNumber = (text: string): number => {
  const fail = (problem: string): never => {
    throw new RejectionError(
      `unable to parse port: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`,
    );
  };
  const octal = /^0(_?[0-7])+$/.test(text);
  if (!octal && !/^(0|[1-9](_?[0-9])*)$/.test(text)) return fail("invalid syntax");
  const value = Number.parseInt(text.replaceAll("_", ""), octal ? 8 : 10);
  return value > 65535 ? fail("value out of range") : value;
};

/**
 * Port 0 without an end, or with 65535, is every port. An end that is not above the port is ignored.
 * An end of more than 16 bits is cut to its low ones (`uint16(port.EndPort)`).
 */
export const portRange = (protocol: string, port: number, endPort: number): PortMatch => {
  const protocols = protocol === "ANY" ? ANY_PROTOCOLS : [protocol];
  const end = endPort & 0xffff;
  const all = port === 0 && end === 0;
  return { type: "range", protocols, first: port, last: all ? 65535 : Math.max(port, end) };
};

export const namedPort = (protocol: string, name: string, endPort: number): PortMatch => ({
  type: "named",
  protocols: protocol === "ANY" ? ANY_PROTOCOLS : [protocol],
  name: name.toLowerCase(),
  last: endPort & 0xffff,
});

/** An ICMP type. Type 0 (the echo reply of ICMP) means every type: the agent stores it as port 0. */
export const icmpType = (family: string, type: number): PortMatch => ({
  type: "range",
  protocols: [family === "IPv6" ? "ICMPv6" : "ICMP"],
  first: type,
  last: type === 0 ? 65535 : type,
});

/** True when the entry covers the destination port of a flow. */
export const matchesPort = (
  match: PortMatch,
  protocol: FlowProtocol,
  port: number,
  names: PortNames,
): boolean => {
  if (!match.protocols.includes(protocol)) return false;
  if (match.type === "range") return match.first <= port && port <= match.last;
  const first = names(match.name, protocol);
  if (first === undefined || port < first || port > Math.max(first, match.last)) return false;
  return match.above === undefined || port > Math.max(first, match.above);
};

/** `8080-8090/TCP`, `http/ANY`, a wildcard as `*`: how reports name an entry. */
export const displayPort = (match: PortMatch): string => {
  const protocol = match.protocols.length === 1 ? match.protocols[0] : "ANY";
  if (match.type === "named") return `${match.name}/${protocol}`;
  if (match.first === 0 && match.last === 65535) return `*/${protocol}`;
  return `${match.first === match.last ? match.first : `${match.first}-${match.last}`}/${protocol}`;
};
