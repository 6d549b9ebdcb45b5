/** Texts of apps that name the domain of another environment: a copy that was not changed with the rest. */
import { isFields } from "../core/fields.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

type Text = readonly [path: string, text: string];

/** Fields that hold the group of an API, which looks like a host. */
const API_GROUPS = ["apiVersion", "apiGroup", "group", "groupName"];

const textsOf = (path: string, value: unknown): Text[] => {
  if (typeof value === "string") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(`${path}[${index}]`, item));
  return Object.entries(isFields(value) ? value : {})
    .filter(([key]) => !API_GROUPS.includes(key))
    .flatMap(([key, item]) => textsOf(`${path}.${key}`, item));
};

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
 * Lines for texts in an app's values, variables and containers with a host of another environment's domain. One
 * domain may be part of another's: the longest one that fits says whose host it is.
 */
export const foreignDomainProblems = (
  apps: Iterable<ResolvedApp>,
  { own, others, acceptedRisks }: Domains,
): string[] => {
  const domains = [own, ...others.keys()];
  const ownerOf = (text: string) =>
    hostsIn(text)
      .map((host) => others.get(domainOf(host, domains) ?? ""))
      .find((environment) => environment !== undefined);
  const found = [...apps].flatMap(({ name, values, env, containers }) =>
    Object.entries({ values, env, containers })
      .flatMap(([field, value]) => textsOf(field, value))
      .flatMap(([path, text]) => {
        const owner = ownerOf(text);
        const rule = `must not name a host of ${owner}: write {domain}, or accept the risk ${RISK}${name}`;
        return owner === undefined ? [] : [{ id: `${RISK}${name}`, line: lineOf(name)(path, rule, text) }];
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
