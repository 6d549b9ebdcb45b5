/** Finds what a selector selects by looking labels up, not by asking everybody. */
import { add, addAll, type Bitset, emptySet, fullSet, removeAll, retainAll } from "./bitset.ts";
import { containsPrefix, type Prefix, prefixOfLabelKey } from "./cidr.ts";
import { type Label, parseExtendedKey } from "./labels.ts";
import type { Requirement, Selector } from "./selector.ts";

/** Holders of a key, by value. */
type Postings = Map<string, number[]>;

interface CidrLabel {
  readonly key: string;
  readonly prefix: Prefix;
  readonly holder: number;
}

const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);

/** Finds identities by their labels. */
export class LabelIndex {
  private readonly bySourceAndKey = new Map<string, Postings>();
  private readonly byKey = new Map<string, Postings>();
  private readonly cidrs: CidrLabel[] = [];
  private readonly requirements = new Map<string, Bitset>();
  private readonly size: number;

  /** @param holders the labels of everybody, whom sets name by position */
  constructor(holders: readonly (readonly Label[])[]) {
    this.size = holders.length;
    holders.forEach((labels, holder) => {
      for (const { source, key, value } of labels) {
        post(this.bySourceAndKey, `${source}.${key}`, value, holder);
        post(this.byKey, key, value, holder);
        const prefix = source === "cidr" ? prefixOfLabelKey(key) : undefined;
        if (prefix) this.cidrs.push({ key, prefix, holder });
      }
    });
    this.cidrs.sort((left, right) => compare(left.prefix.first, right.prefix.first));
  }

  /** Everybody whom the selector selects. The set is the caller's to change. */
  select(selector: Selector): Bitset {
    const selected = fullSet(this.size);
    for (const requirement of selector.requirements) retainAll(selected, this.fulfilling(requirement));
    return selected;
  }

  private fulfilling(requirement: Requirement): Bitset {
    const { key, operator, values } = requirement;
    const id = `${operator} ${key} ${values.join(",")}`;
    let found = this.requirements.get(id);
    if (!found) {
      const negative = operator === "NotIn" || operator === "DoesNotExist";
      const wanted = operator === "In" || operator === "NotIn" ? values : undefined;
      found = this.holding(key, wanted);
      if (negative) {
        const others = fullSet(this.size);
        removeAll(others, found);
        found = others;
      }
      this.requirements.set(id, found);
    }
    return found;
  }

  /** Holders of the key with one of the values, or with any. */
  private holding(extendedKey: string, values: readonly string[] | undefined): Bitset {
    const { source, key } = parseExtendedKey(extendedKey);
    const found = emptySet(this.size);
    const postings = source === "any" ? this.byKey.get(key) : this.bySourceAndKey.get(`${source}.${key}`);
    for (const value of values ?? postings?.keys() ?? []) {
      for (const holder of postings?.get(value) ?? []) add(found, holder);
    }
    if (source === "cidr" && (values === undefined || values.includes(""))) {
      addAll(found, this.within(key));
    }
    return found;
  }

  /** Holders of a prefix inside the one that the key names. */
  private within(key: string): Bitset {
    const found = emptySet(this.size);
    const outer = prefixOfLabelKey(key);
    if (!outer) return found;
    let low = 0;
    let high = this.cidrs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.cidrs[middle];
      if (candidate && candidate.prefix.first < outer.first) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < this.cidrs.length; at++) {
      const candidate = this.cidrs[at];
      if (!candidate || candidate.prefix.first > outer.last) break;
      if (containsPrefix(outer, candidate.prefix)) add(found, candidate.holder);
    }
    return found;
  }
}

const post = (index: Map<string, Postings>, key: string, value: string, holder: number): void => {
  let postings = index.get(key);
  if (!postings) {
    postings = new Map();
    index.set(key, postings);
  }
  const holders = postings.get(value);
  if (holders) holders.push(holder);
  else postings.set(value, [holder]);
};
