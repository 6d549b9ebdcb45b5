/** The ports that matter: one for every stretch on which no policy tells ports apart. */
import type { PolicyPort } from "../../lib/proofs/evaluator/endpoint-policy.ts";
import type { PolicySpec } from "../../lib/proofs/evaluator/model.ts";
import type { FlowProtocol, PortMatch } from "../../lib/proofs/evaluator/ports.ts";

const PROTOCOLS: readonly FlowProtocol[] = ["TCP", "UDP", "SCTP", "ICMP", "ICMPv6"];

/** Ports of the transports, and types of ICMP as the schema has them. */
const bounds = (protocol: FlowProtocol): readonly [first: number, last: number] =>
  protocol.startsWith("ICMP") ? [0, 255] : [1, 65535];

/** The highest of the numbers that stand for port names; they are taken downwards. */
const HIGHEST_STAND_IN = 65535;

/** A stretch of ports on which every policy decides alike. For ICMP these are types. */
export interface Stretch {
  readonly protocol: FlowProtocol;
  readonly first: number;
  readonly last: number;
  /** The policies' name of the port, when they know it by name only. */
  readonly name?: string;
}

/** A port of the stretch, to ask the evaluator with. */
export const portOf = ({ protocol, first }: Stretch): PolicyPort => ({ protocol, port: first });

/** `80/TCP`, `9962-9965/TCP`, `http/TCP`; a star for every port of a protocol. */
export const displayStretch = ({ protocol, first, last, name }: Stretch): string => {
  if (name !== undefined) return `${name}/${protocol}`;
  const [lowest, highest] = bounds(protocol);
  if (first === lowest && last === highest) return `*/${protocol}`;
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
};

/** Stretches as text, neighbours as one. They must be in the order of `stretches`. */
export const displayStretches = (some: readonly Stretch[]): readonly string[] => {
  const joined: Stretch[] = [];
  for (const stretch of some) {
    const last = joined.at(-1);
    const follows = last?.protocol === stretch.protocol && last.last + 1 === stretch.first;
    if (last && follows && last.name === undefined && stretch.name === undefined)
      joined[joined.length - 1] = { ...last, last: stretch.last };
    else joined.push(stretch);
  }
  return joined.map(displayStretch);
};

/** Numbers that stand for names of ports: nobody knows which ports containers will call so. */
export type NamedPortNumbers = ReadonlyMap<string, number>;

/** A number for every port name of the policies. */
export const namedPortNumbers = (specs: readonly PolicySpec[]): NamedPortNumbers => {
  const names = new Set(matchesOf(specs).flatMap((match) => (match.type === "named" ? [match.name] : [])));
  return new Map([...names].sort().map((name, index) => [name, HIGHEST_STAND_IN - index]));
};

/** Every port of every protocol, in stretches. */
export const stretches = (specs: readonly PolicySpec[], named: NamedPortNumbers): readonly Stretch[] => {
  const matches = matchesOf(specs);
  return PROTOCOLS.flatMap((protocol) => {
    const [lowest, highest] = bounds(protocol);
    const own = matches.filter(({ protocols }) => protocols.includes(protocol));
    const names = new Map(
      own.flatMap((match) => (match.type === "named" ? [[named.get(match.name) ?? 0, match.name]] : [])),
    );
    const starts = new Set([
      lowest,
      ...own.flatMap((match) => (match.type === "range" ? [match.first, match.last + 1] : [])),
      ...[...names.keys()].flatMap((number) => [number, number + 1]),
    ]);
    const sorted = [...starts].filter((port) => port >= lowest && port <= highest).sort((a, b) => a - b);
    return sorted.map((first, index): Stretch => {
      const name = names.get(first);
      return { protocol, first, last: (sorted[index + 1] ?? highest + 1) - 1, ...(name && { name }) };
    });
  });
};

const matchesOf = (specs: readonly PolicySpec[]): readonly PortMatch[] =>
  specs.flatMap(({ rules }) => rules.flatMap(({ ports = [] }) => ports.map(({ match }) => match)));
