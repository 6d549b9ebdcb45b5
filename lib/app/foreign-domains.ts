/** Texts of apps that name the domain of another environment: a copy that was not changed with the rest. */
import { lineOf } from "./problem-line.ts";
import type { Sender } from "./written.ts";
import { sentTexts } from "./written.ts";

/** Fields that hold the group of an API, which looks like a host. */
const API_GROUP = /(^|\.)(apiVersion|apiGroup|group|groupName)$/;

/** Names as DNS has them, in a text of whatever kind; not those of mail addresses. */
const hostsIn = (text: string): string[] =>
  (text.toLowerCase().match(/[@a-z0-9.-]+/g) ?? [])
    .filter((word) => !word.includes("@"))
    .map((word) => word.replace(/^[.-]+|[.-]+$/g, ""));

/** The most specific of the domains that a host is in. */
const domainOf = (host: string, domains: readonly string[]): string | undefined =>
  domains
    .filter((domain) => host === domain || host.endsWith(`.${domain}`))
    .sort((a, b) => b.length - a.length)[0];

export interface Domains {
  readonly own: string;
  /** Domains of other environments, with their names. */
  readonly others: ReadonlyMap<string, string>;
  /** Ids of accepted risks: `foreign-domain-<app>` lets that app through. */
  readonly acceptedRisks: readonly string[];
}

const RISK = "foreign-domain-";

/**
 * Lines for whatever an app sends, its values, variables, command lines and files, with a host of another environment's domain. One
 * domain may be part of another's: the longest one that fits says whose host it is.
 */
export const foreignDomainProblems = (
  apps: Iterable<Sender & { readonly name: string }>,
  { own, others, acceptedRisks }: Domains,
): string[] => {
  const domains = [own, ...others.keys()];
  const ownerOf = (text: string) =>
    hostsIn(text)
      .map((host) => others.get(domainOf(host, domains) ?? ""))
      .find((environment) => environment !== undefined);
  const found = [...apps].flatMap((app) =>
    sentTexts(app)
      .filter(({ path }) => !API_GROUP.test(path))
      .flatMap(({ path, text }) => {
        const id = `${RISK}${app.name}`;
        const owner = ownerOf(text);
        const rule = `must not name a host of ${owner}: write {domain}, or accept the risk ${id}`;
        return owner === undefined ? [] : [{ id, line: lineOf(app.name)(path, rule, text) }];
      }),
  );
  const stale = acceptedRisks.filter(
    (id) => others.size > 0 && id.startsWith(RISK) && !found.some((each) => each.id === id),
  );
  return [
    ...found.filter(({ id }) => !acceptedRisks.includes(id)).map(({ line }) => line),
    ...stale.map((id) => `acceptedRisks.${id}: must silence something; that app names no host of another`),
  ];
};
