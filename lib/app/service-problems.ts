/** Problems of the load-balancer addresses that an app's Services ask for, as far as its values show. */
import { distance } from "fastest-levenshtein";
import type { AppEnvironment } from "./app-environment.ts";
import type { HelmValue } from "./declaration.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

/** Annotations by which a Service asks Cilium for addresses. Source: Cilium's LB IPAM, 1.18. */
const ADDRESS_KEYS = ["io.cilium/lb-ipam-ips", "lbipam.cilium.io/ips"];
const KNOWN_KEYS = [
  ...ADDRESS_KEYS,
  "io.cilium/lb-ipam-sharing-key",
  "io.cilium/lb-ipam-sharing-cross-namespace",
  "lbipam.cilium.io/sharing-key",
  "lbipam.cilium.io/sharing-cross-namespace",
];
const CLOSE = 3;

type Entry = readonly [path: string, key: string, value: HelmValue];

const entries = (value: HelmValue, path: string): Entry[] => {
  if (Array.isArray(value)) return value.flatMap((item, at) => entries(item, `${path}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = `${path}.${key}`;
    return [[place, key, item] as const, ...entries(item, place)];
  });
};

const isMisspelt = (key: string): boolean =>
  !KNOWN_KEYS.includes(key) &&
  (/^(io\.cilium|lbipam\.cilium\.io)\//.test(key) ||
    KNOWN_KEYS.some(
      (known) => Math.abs(known.length - key.length) <= CLOSE && distance(known, key) <= CLOSE,
    ));

export const serviceProblems = (app: ResolvedApp, _: AppEnvironment, line: Line): string[] => {
  const all = entries(app.values, "values");
  const own = app.links.flatMap((link) => {
    const address =
      link.kind === "exposed" && link.by.kind === "load-balancer" && link.by.address[app.environment];
    return address ? [address] : [];
  });
  const asked = all
    .filter(([, key]) => ADDRESS_KEYS.includes(key))
    .flatMap(([path, , value]) =>
      String(value)
        .split(",")
        .map((address) => [path, address.trim()] as const),
    );
  const unasked = own.filter((address) => !asked.some(([, other]) => other === address));
  return [
    ...(app.source.kind === "chart" ? unasked : []).map((address) =>
      line(
        `network.exposedBy(loadBalancer).${app.environment}`,
        `must be asked for by a Service in the values, by the annotation ${ADDRESS_KEYS[0]}: nothing serves it`,
        address,
      ),
    ),
    ...asked
      .filter(([, address]) => !own.includes(address))
      .map(([path, address]) =>
        line(
          path,
          `must be an address of the app's own exposedBy(loadBalancer(…)), ${own.join(", ") || "of which it has none"}`,
          address,
        ),
      ),
    ...all
      .filter(([, key]) => isMisspelt(key))
      .map(([path, key]) =>
        line(path, `must be an annotation that Cilium reads, ${KNOWN_KEYS.join(", ")}`, key),
      ),
    ...all
      .filter(([, key, value]) => key === "externalTrafficPolicy" && value === "Local")
      .map(([path, , value]) =>
        line(
          path,
          "must be Cluster: L2 announcement sends an address to one node, whether a pod is there or not",
          value,
        ),
      ),
    ...(app.source.kind === "image" ? app.links : []).flatMap((link) =>
      link.kind === "exposed" && link.by.kind === "load-balancer"
        ? link.ports
            .filter(({ protocol, start, end }) => protocol === "ICMP" || end - start >= MAX_PORTS)
            .map((port) =>
              line(
                "network.exposedBy(loadBalancer)",
                `must be at most ${MAX_PORTS} ports, which a Service lists one by one`,
                `${port}`,
              ),
            )
        : [],
    ),
  ];
};

/** Ports of one range that a Service of an image lists. */
const MAX_PORTS = 32;
