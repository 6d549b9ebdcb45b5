import type { ProofFlow } from "./flow.ts";

type PortOf = Pick<ProofFlow, "protocol" | "port">;

const HIGHEST = 65535;
const TRANSPORTS = ["TCP", "UDP", "SCTP"] as const;

/**
 * One port of every stretch on which no policy and no flow can tell ports apart: for each protocol every number that
 * is mentioned, the one behind it, and the first; and an ICMP echo request.
 */
export const representativePorts = (policies: readonly unknown[], flows: readonly PortOf[]): PortOf[] => {
  const mentioned = [...policies.flatMap(portsOf), ...flows];
  return [
    ...TRANSPORTS.flatMap((protocol) => {
      const own = mentioned.filter((entry) => entry.protocol === protocol).map(({ port }) => port);
      const numbers = new Set([1, ...own.flatMap((port) => [port, port + 1])]);
      return [...numbers]
        .filter((port) => port >= 1 && port <= HIGHEST)
        .sort((a, b) => a - b)
        .map((port) => ({ protocol, port }));
    }),
    { protocol: "ICMP", port: 8 },
  ];
};

/** The ends of every port entry of a policy, wherever it stands; without a protocol it counts for all of them. */
const portsOf = (value: unknown): PortOf[] => {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap(portsOf);
  const { port, endPort, protocol } = value as Record<string, unknown>;
  const protocols = TRANSPORTS.filter(
    (name) => protocol === undefined || protocol === "ANY" || protocol === name,
  );
  const own = [port, endPort]
    .map(Number)
    .filter((number) => Number.isInteger(number) && number > 0)
    .flatMap((number) => protocols.map((name) => ({ protocol: name, port: number })));
  return [...own, ...Object.values(value).flatMap(portsOf)];
};
