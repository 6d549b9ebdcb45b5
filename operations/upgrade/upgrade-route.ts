/** The stops of an upgrade over several minor versions of Talos, without asking the cluster. */
import { gt, major, minor, parse } from "semver";
import type { Environment } from "../../environments/schema.ts";
import { endOf } from "../../environments/support.ts";
import {
  BROKEN_PAIRS,
  includesMinor,
  KNOWN_TALOS,
  KUBERNETES_BY_TALOS,
  minorOf,
} from "../../environments/versions.ts";

/** Changes of what this project writes into machines, by the minor that brings them. */
const CONFIGURATION: Readonly<Record<string, string>> = {
  "1.12": "a machine's name becomes the document HostnameConfig",
  "1.13":
    "network, time and encryption become the documents LinkConfig, VLANConfig, Layer2VIPConfig, ResolverConfig, TimeSyncConfig and VolumeConfig, which Talos 1.12 reads as well; they say the same, and the guard shows no change of them",
  "1.14": "none: 1.14 reads what is written for 1.13",
};

type Subject = Pick<Environment, "name" | "versions">;

const stopOf = ({ name, versions }: Subject, from: string, target: string, today: string): string[] => {
  const to = minorOf(target);
  const supported = KUBERNETES_BY_TALOS[to];
  const kubernetes = minorOf(versions.kubernetes);
  const fits = supported && includesMinor(supported, kubernetes);
  const end = endOf("talos", target);
  const faults = BROKEN_PAIRS.filter(({ talos }) => talos === to);
  const waiting = BROKEN_PAIRS.filter(({ talos }) => talos === from);
  return [
    `Talos ${target}, or a later patch of ${to}`,
    `Kubernetes ${supported?.from} to ${supported?.to}: ${fits ? `${versions.kubernetes} may stay` : `upgrade Kubernetes into it before this stop, ${versions.kubernetes} runs`}`,
    ...faults.map(
      ({ cilium, source }) =>
        `Cilium ${cilium} must not run on it: ${source}${minorOf(versions.cilium) === cilium ? `; ${versions.cilium} runs, so Cilium goes first` : ""}`,
    ),
    ...waiting.map(({ cilium, source }) => `Cilium ${cilium} waits for this stop: ${source}`),
    ...(faults.length === 0 ? [`Cilium ${versions.cilium}: no fault with it is known here`] : []),
    `configuration: ${CONFIGURATION[to] ?? "as before"}`,
    ...(end
      ? [
          `fixes ${end.ends < today ? "ended" : "end"} on ${end.ends}${end.ends < today ? `: accept the risk support-talos-${to}, or go on at once` : ""}`,
        ]
      : []),
    `set versions.talos to ${target} in environments/${name}.ts, then: npm run homelab -- upgrade ${name} --apply`,
    to === "1.13"
      ? `then one node after the other: npm run homelab -- deploy ${name}-cluster --node <node>`
      : `then: npm run homelab -- deploy ${name}-cluster --running nodes.json`,
  ];
};

/** Lists the stops from the environment's Talos to another, each with what it asks for; or says why there is no way. */
export const upgradeRoute = (
  environment: Subject,
  to: string,
  today: string,
): { readonly lines: readonly string[] } | { readonly refused: string } => {
  const from = environment.versions.talos;
  if (parse(to) === null) return { refused: `must be an exact version: got ${JSON.stringify(to)}` };
  if (gt(from, to)) return { refused: `Talos must not go down: got ${from}, asked for ${to}` };
  if (major(from) !== major(to))
    return { refused: `Talos must stay in its major version: got ${from}, asked for ${to}` };
  const minors = Array.from({ length: minor(to) - minor(from) }, (_, at) => minor(from) + at + 1);
  const unknown = minors
    .map((each) => `${major(to)}.${each}`)
    .filter((each) => !(each in KUBERNETES_BY_TALOS));
  if (unknown.length > 0)
    return { refused: `Talos ${unknown.join(", ")} must be known, in environments/versions.ts` };
  const stops = minors.map((each) => {
    const name = `${major(to)}.${each}`;
    return {
      from: `${major(to)}.${each - 1}`,
      target: name === minorOf(to) ? to : (KNOWN_TALOS[name] ?? `v${name}.0`),
    };
  });
  return {
    lines: [
      `${environment.name}: from Talos ${from} to ${to}${stops.length === 0 ? ": no minor lies between" : ", one minor at a time; dev first"}`,
      ...stops.flatMap((stop, at) => {
        const [title, ...lines] = stopOf(environment, stop.from, stop.target, today);
        return [`${at + 1}. ${title}`, ...lines.map((line) => `   - ${line}`)];
      }),
    ],
  };
};
