/**
 * Sorts identities into classes that no policy of a set tells apart: whoever is selected by the same selectors has
 * the same policy and is met by the same rules. Flows are then decided between classes.
 */
import { add, type Bitset, emptySet, forEachMember, has } from "./bitset.ts";
import { type FqdnSelector, fqdnMatcher } from "./fqdn.ts";
import { dnsNamesOf, type Identity, isEndpoint, labelsOf, namedPortsOf } from "./identities.ts";
import { LabelIndex } from "./label-index.ts";
import type { Label } from "./labels.ts";
import { isAtLeast, type PolicySettings, type PolicySpec } from "./model.ts";
import { Selector } from "./selector.ts";

const fqdnId = ({ matchName, matchPattern }: FqdnSelector): string => `${matchName} ${matchPattern}`;

/** Identities with the same labels, names and ports; they are one for every policy. */
interface Look {
  readonly identity: Identity;
  readonly labels: readonly Label[];
}

/** Gathers from specs everything that policies look at: selectors, DNS names, prefixes. */
const gather = (specs: readonly PolicySpec[], seesNames: boolean) => {
  const selectors = new Map<string, Selector>();
  const fqdns = new Map<string, FqdnSelector>();
  const use = (selector: Selector): void => {
    selectors.set(selector.id, selector);
  };
  let namedPorts = false;
  for (const { subject, rules, requirements } of specs) {
    use(subject);
    for (const side of [requirements.allow, requirements.deny]) {
      for (const requirement of [...side.ingress, ...side.egress]) use(Selector.of(requirement));
    }
    for (const { peers, ports } of rules) {
      namedPorts ||= ports?.some(({ match }) => match.type === "named") ?? false;
      if (seesNames)
        for (const { dns = [] } of ports ?? []) for (const fqdn of dns) fqdns.set(fqdnId(fqdn), fqdn);
      for (const peer of peers) {
        if (peer.type === "selector") use(peer.selector);
        else if (peer.type === "fqdn") fqdns.set(fqdnId(peer.fqdn), peer.fqdn);
        else peer.among.forEach(use);
      }
    }
  }
  return { selectors, fqdns, namedPorts };
};

/** Splits classes until no set has only a part of one. */
const refine = (initial: readonly number[], sets: Iterable<Bitset>): number[] => {
  const classOf = [...initial];
  let next = Math.max(-1, ...new Set(initial)) + 1;
  for (const set of sets) {
    const moved = new Map<number, number>();
    forEachMember(set, (look) => {
      const from = classOf[look] ?? 0;
      let to = moved.get(from);
      if (to === undefined) {
        to = next++;
        moved.set(from, to);
      }
      classOf[look] = to;
    });
  }
  const numbers = new Map<number, number>();
  return classOf.map((old) => {
    const number = numbers.get(old) ?? numbers.size;
    numbers.set(old, number);
    return number;
  });
};

/** Identities that no policy tells apart, decided once. */
export class IdentityClasses {
  /** Number of classes. */
  readonly size: number;
  /** One identity of each class. */
  readonly representatives: readonly Identity[];
  private readonly classById = new Map<string, number>();
  private readonly sets = new Map<string, Bitset>();
  private readonly fqdnSets = new Map<string, Bitset>();

  constructor(specs: readonly PolicySpec[], identities: readonly Identity[], settings: PolicySettings) {
    const { selectors, fqdns, namedPorts } = gather(specs, settings.resolvers !== undefined);
    const lookByKey = new Map<string, number>();
    const looks: Look[] = [];
    const groups = new Map<string, number>();
    const initial: number[] = [];
    const lookOf = identities.map((identity) => {
      const labels = labelsOf(identity, settings);
      const group = JSON.stringify([
        identity.kind === "host",
        isEndpoint(identity, settings),
        namedPorts && namedPortsOf(identity),
        ["host", "init"].map((key) => labels.some((label) => label.key === key)),
      ]);
      const key = `${group}${JSON.stringify([labels, fqdns.size > 0 && dnsNamesOf(identity)])}`;
      let look = lookByKey.get(key);
      if (look === undefined) {
        look = looks.length;
        lookByKey.set(key, look);
        looks.push({ identity, labels });
        initial.push(groups.get(group) ?? groups.size);
        groups.set(group, groups.get(group) ?? groups.size);
      }
      return look;
    });

    const index = new LabelIndex(looks.map(({ labels }) => labels));
    const setOf = new Map([...selectors].map(([id, selector]) => [id, index.select(selector)]));
    const subdomainWildcard = isAtLeast(settings, 19);
    const fqdnSetOf = new Map(
      [...fqdns].map(([id, fqdn]) => {
        const matches = fqdnMatcher(fqdn, subdomainWildcard);
        const set = emptySet(looks.length);
        looks.forEach(({ identity }, look) => {
          if (dnsNamesOf(identity).some(matches)) add(set, look);
        });
        return [id, set];
      }),
    );
    const classOfLook = refine(initial, [...setOf.values(), ...fqdnSetOf.values()]);
    const firstLook: number[] = [];
    classOfLook.forEach((number, look) => {
      firstLook[number] ??= look;
    });
    this.size = firstLook.length;
    this.representatives = firstLook.map((look) => (looks[look] as Look).identity);
    for (const [id, set] of setOf) this.sets.set(id, pick(set, looks.length, firstLook));
    for (const [id, set] of fqdnSetOf) this.fqdnSets.set(id, pick(set, looks.length, firstLook));
    identities.forEach(({ id }, at) => {
      if (this.classById.has(id))
        throw new Error(`identity ids must be unique, got ${JSON.stringify(id)} twice`);
      this.classById.set(id, classOfLook[lookOf[at] ?? 0] ?? 0);
    });
  }

  /** The class of an identity. Throws when there is no such identity. */
  classOf(id: string): number {
    const found = this.classById.get(id);
    if (found === undefined) throw new Error(`no identity has the id ${JSON.stringify(id)}`);
    return found;
  }

  /** The ids of the identities in these classes. */
  membersOf(set: Bitset): readonly string[] {
    return [...this.classById].flatMap(([id, number]) => (has(set, number) ? [id] : []));
  }

  /** The classes that a selector of the policies selects. */
  selectedBy(selector: Selector): Bitset {
    return this.sets.get(selector.id) ?? emptySet(this.size);
  }

  /** The classes with a name that a toFQDNs selector of the policies matches. */
  namedBy(fqdn: FqdnSelector): Bitset {
    return this.fqdnSets.get(fqdnId(fqdn)) ?? emptySet(this.size);
  }
}

/** The set of classes whose first look is in the set of looks. */
const pick = (set: Bitset, looks: number, firstLook: readonly number[]): Bitset => {
  if (firstLook.length === looks) return set;
  const picked = emptySet(firstLook.length);
  for (let number = 0; number < firstLook.length; number++) {
    if (has(set, firstLook[number] ?? 0)) add(picked, number);
  }
  return picked;
};
