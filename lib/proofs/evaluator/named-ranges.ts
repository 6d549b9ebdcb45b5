/**
 * Named ports with an end. Rules of an endpoint on one named port share a filter in the agent, and the first one's
 * `endPort` counts for all of them: within a spec the rules stand in their order, allows before denies; specs come in the
 * order of a map, so that between them nobody knows which is first.
 */
import { addAll } from "./bitset.ts";
import type { BoundRule } from "./endpoint-policy.ts";
import type { PortEntry } from "./model.ts";
import type { PortMatch } from "./ports.ts";

type Named = Extract<PortMatch, { type: "named" }>;

const isNamed = ({ match }: PortEntry): boolean => match.type === "named";

/** The rules of one endpoint and direction, a list for each spec, with the ends that count. */
export const settleNamedRanges = (specs: readonly (readonly BoundRule[])[]): BoundRule[] => {
  const rules = specs.flat();
  const hasEnd = rules.some(({ rule }) =>
    rule.ports?.some(({ match }) => match.type === "named" && match.last !== 0),
  );
  if (!hasEnd) return rules;
  const ends = new Map<string, Set<number>>();
  for (const spec of specs)
    for (const [key, first] of firstEnds(spec)) ends.set(key, (ends.get(key) ?? new Set()).add(first));
  return rules.flatMap((bound) => settled(bound, ends));
};

const keysOf = ({ name, protocols }: Named): string[] => protocols.map((protocol) => `${name}/${protocol}`);

/** The end of the first entry of each name and protocol. */
const firstEnds = (rules: readonly BoundRule[]): Map<string, number> => {
  const first = new Map<string, number>();
  const ordered = [...rules.filter(({ rule }) => !rule.deny), ...rules.filter(({ rule }) => rule.deny)];
  for (const { match } of ordered.flatMap(({ rule }) => rule.ports ?? []))
    if (match.type === "named")
      for (const key of keysOf(match)) if (!first.has(key)) first.set(key, match.last);
  return first;
};

const settled = (bound: BoundRule, ends: ReadonlyMap<string, ReadonlySet<number>>): BoundRule[] => {
  const { ports } = bound.rule;
  if (!ports?.some(isNamed)) return [bound];
  const [certain, doubtful]: [PortEntry[], PortEntry[]] = [[], []];
  for (const entry of ports) {
    const { match } = entry;
    if (match.type !== "named") certain.push(entry);
    else
      for (const protocol of match.protocols) {
        const own = { ...match, protocols: [protocol] };
        const some = [...(ends.get(`${match.name}/${protocol}`) ?? [match.last])];
        const [lowest, highest] = [Math.min(...some), Math.max(...some)];
        certain.push({ ...entry, match: { ...own, last: lowest } });
        if (lowest !== highest) doubtful.push({ ...entry, match: { ...own, last: highest, above: lowest } });
      }
  }
  const sure = { ...bound, rule: { ...bound.rule, ports: certain } };
  return doubtful.length === 0 ? [sure] : [sure, doubted(bound, doubtful)];
};

/** The rule on ports that it may cover. */
const doubted = (bound: BoundRule, ports: readonly PortEntry[]): BoundRule => {
  const possible = bound.certain.slice();
  if (bound.possible) addAll(possible, bound.possible);
  return {
    rule: { ...bound.rule, ports },
    peers: bound.peers.map((peer) => ({
      ...peer,
      construct: peer.construct ?? "a named port that several policies give different ends",
    })),
    certain: possible.slice().fill(0),
    possible,
  };
};
