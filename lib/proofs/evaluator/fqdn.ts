/**
 * DNS names as `toFQDNs` selects them (`pkg/policy/api/fqdn.go`, `pkg/fqdn/matchpattern`).
 *
 * Names are compared in lower case and with their final dot. In a pattern `*` stands for any number of
 * characters of one label, so `*.example.com` is one level below `example.com`; `*` alone is every name.
 * From Cilium 1.19.0-rc on (cilium/cilium#43420) a leading `**.` stands for one or more labels; before,
 * `**` means the same as `*`.
 */

const LABEL_CHARACTER = "[-a-zA-Z0-9_]";

export interface FqdnSelector {
  readonly matchName: string;
  readonly matchPattern: string;
}

/** The name with its final dot, in lower case. */
const canonical = (name: string): string => {
  const lower = name.trim().toLowerCase();
  return lower.endsWith(".") ? lower : `${lower}.`;
};

const everyName = new RegExp(`^((${LABEL_CHARACTER}+[.])+|[.])$`);

const patternOf = (pattern: string, subdomainWildcard: boolean): RegExp => {
  if (pattern === "*" || (subdomainWildcard && pattern === "**")) return everyName;
  const below = subdomainWildcard && pattern.startsWith("**.");
  const body = canonical(below ? pattern.slice("**.".length) : pattern)
    .replaceAll(".", "[.]")
    .replaceAll("*", `${LABEL_CHARACTER}*`);
  return new RegExp(`^${below ? `(${LABEL_CHARACTER}+[.])+` : ""}${body}$`);
};

/**
 * A test for names. An empty selector selects no name.
 * @param subdomainWildcard whether `**.` spans several labels, see above
 */
export const fqdnMatcher = (
  selector: FqdnSelector,
  subdomainWildcard: boolean,
): ((name: string) => boolean) => {
  const { matchName, matchPattern } = selector;
  if (matchName === "" && matchPattern === "") return () => false;
  const expression = patternOf(matchName === "" ? matchPattern : matchName, subdomainWildcard);
  return (name) => expression.test(canonical(name));
};
