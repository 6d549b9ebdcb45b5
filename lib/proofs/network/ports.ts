import type { PolicySpec } from "../evaluator/model.ts";
import type { ProofFlow } from "./flow.ts";

type PortOf = Pick<ProofFlow, "protocol" | "port">;

/** Ports from `start` to `end`, both included; for ICMP these are types. */
export interface PortRange {
  readonly protocol: ProofFlow["protocol"];
  readonly start: number;
  readonly end: number;
}

const BOUNDS: readonly PortRange[] = [
  { protocol: "TCP", start: 1, end: 65535 },
  { protocol: "UDP", start: 1, end: 65535 },
  { protocol: "SCTP", start: 1, end: 65535 },
  { protocol: "ICMP", start: 0, end: 255 },
];

/**
 * One port for all that neither the policies nor `ranges` tell apart: something can change only where a range begins
 * or has ended, and ports that lie in the same ranges are one.
 */
export const representativePorts = (specs: readonly PolicySpec[], ranges: readonly PortRange[]): PortOf[] => {
  const all = [...rangesOf(specs), ...ranges];
  return BOUNDS.flatMap((bounds) => {
    const own = distinct(all.filter(({ protocol }) => protocol === bounds.protocol));
    const changes = [bounds.start, ...own.flatMap(({ start, end }) => [start, end + 1])]
      .filter((port) => bounds.start <= port && port <= bounds.end)
      .sort((a, b) => a - b);
    const first = new Map<string, number>();
    for (const port of changes) {
      const around = own.flatMap(({ start, end }, at) => (start <= port && port <= end ? [at] : [])).join();
      if (!first.has(around)) first.set(around, port);
    }
    return [...first.values()].map((port) => ({ protocol: bounds.protocol, port }));
  });
};

const distinct = (ranges: readonly PortRange[]): PortRange[] => [
  ...new Map(ranges.map((range) => [`${range.start}-${range.end}`, range])).values(),
];

/** A port that a policy only names is nobody's: the identities of the proofs give no names to ports. */
const rangesOf = (specs: readonly PolicySpec[]): PortRange[] =>
  specs.flatMap(({ rules }) =>
    rules.flatMap(({ ports = [] }) =>
      ports.flatMap(({ match }) =>
        match.type === "named"
          ? []
          : BOUNDS.filter(({ protocol }) => match.protocols.includes(protocol)).map(({ protocol }) => ({
              protocol,
              start: match.first,
              end: match.last,
            })),
      ),
    ),
  );
