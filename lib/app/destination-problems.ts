/** Destinations outside the cluster that are not outside: of apps, of exceptions, and of the environment itself. */
import { Subnet } from "../core/values/subnet.ts";
import { ownedOf, type ServedName } from "../network/cluster-places.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

const RULE =
  "must lie outside the cluster: a policy never sees this address, only the pod or node behind it; it is";

/** Lines for every destination that the cluster owns, with the link that works. */
export const destinationProblems = (apps: readonly ResolvedApp[], environment: AppEnvironment): string[] => {
  const served = new Map([...environment.taken].map(([place, what]) => [place, platformName(what)]));
  for (const app of apps) for (const [place, name] of servedBy(app)) served.set(place, name);
  const namespaces = [
    ...environment.namespaces.map(({ name }) => name),
    ...apps.map(({ namespace }) => namespace),
  ];
  const owned = (to: string) => ownedOf(hostOf(to), environment.places, served, namespaces);
  return [
    ...apps.flatMap((app) =>
      app.links.flatMap((link) => {
        const found = link.kind === "egress" && owned(link.to);
        return found
          ? [lineOf(app.name)("network.egressTo", `${RULE} ${found.what}: use ${found.link}`, link.to)]
          : [];
      }),
    ),
    ...environment.outside.flatMap(({ path, to }) => {
      const found = owned(to);
      if (!found) return [];
      const cure = path.includes("exceptions")
        ? `name the pods by namespace and labels, or the entity; an app says ${found.link}`
        : "what the homelab stands on must not stand on the homelab";
      return [`${path}: ${RULE} ${found.what}; ${cure}: got ${JSON.stringify(to)}`];
    }),
  ];
};

const platformName = (owner: string): ServedName => ({
  what: `which is ${owner}`,
  link: "an exception to its pods by namespace and labels",
});

/** Names and addresses at which an app is reached, with the link that reaches it from inside. */
const servedBy = ({ name, host, alsoAt, links, environment }: ResolvedApp): [string, ServedName][] => [
  ...[host ?? [], ...alsoAt.map((each) => each.host)].flat().map((each): [string, ServedName] => [
    each,
    {
      what: `which the gateway serves for ${name}`,
      link: `uses(${name}), or uses(traefik, Port.tcp(8443)) to go through the gateway`,
    },
  ]),
  ...links.flatMap((link): [string, ServedName][] => {
    const address =
      link.kind === "exposed" && link.by.kind === "load-balancer" && link.by.address[environment];
    return address
      ? [[address, { what: `the address of ${name}`, link: `uses(${name}, ports of its pods)` }]]
      : [];
  }),
];

/** The host of a URL; what is no URL is a name, an address or a subnet already. */
const hostOf = (to: string): string =>
  Subnet.isCidr(to) || !URL.canParse(to) ? to : new URL(to).hostname.replace(/^\[|\]$/g, "");
