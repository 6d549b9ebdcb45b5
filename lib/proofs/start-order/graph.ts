/** Graph of the order in which things start, and of those that never come up. */

/** Something that starts, or that is up already. */
export interface Thing {
  /** As it stands in a sentence, e.g. `Argo CD`. */
  readonly name: string;
  readonly needs: readonly Need[];
}

/** A condition that a thing waits for. */
export interface Need {
  /** Names of things, of which `atLeast` must be up. */
  readonly of: readonly string[];
  /** @default 1 */
  readonly atLeast?: number;
  /** Why, as the end of "needs X, …", e.g. `which deploys it`. */
  readonly why: string;
  /** Of the first start alone: what it leaves behind is stored. @default false */
  readonly onlyFirst?: boolean;
}

export interface Start {
  /** True when nothing is stored yet. */
  readonly isFirst: boolean;
  /** Names of things that are gone. @default - none */
  readonly lost?: readonly string[];
}

type Things = ReadonlyMap<string, Thing>;

const countsIn =
  ({ isFirst }: Start) =>
  ({ onlyFirst = false }: Need): boolean =>
    isFirst || !onlyFirst;

const missing = (up: ReadonlySet<string>, { of, atLeast = 1 }: Need): boolean =>
  of.filter((name) => up.has(name)).length < atLeast;

/** The names of what comes up, in an order in which it can. */
export const comesUp = (things: Things, start: Start): ReadonlySet<string> => {
  const { lost = [] } = start;
  const up = new Set<string>();
  const waiting = new Set([...things.values()].filter(({ name }) => !lost.includes(name)));
  const canStart = ({ needs }: Thing) => !needs.filter(countsIn(start)).some((need) => missing(up, need));
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const thing of waiting) {
      if (!canStart(thing)) continue;
      up.add(thing.name);
      waiting.delete(thing);
      isMoving = true;
    }
  }
  return up;
};

/**
 * The reason why something does not come up, as one sentence along the way that is blocked: around a circle, or to a
 * missing thing. Undefined when it comes up.
 */
export const blockedBy = (things: Things, start: Start, name: string): string | undefined => {
  const up = comesUp(things, start);
  if (up.has(name)) return undefined;
  const steps: { readonly from: string; readonly to: string; readonly why: string }[] = [];
  let at = name;
  while (!steps.some(({ from }) => from === at)) {
    const need = things
      .get(at)
      ?.needs.filter(countsIn(start))
      .find((each) => missing(up, each));
    const to = need?.of.findLast((each) => !up.has(each));
    if (need === undefined || to === undefined) break;
    steps.push({ from: at, to, why: need.why });
    at = to;
  }
  const entry = steps.findIndex(({ from }) => from === at);
  const told = entry < 0 ? steps.slice(-1) : rotated(steps.slice(entry));
  const [first] = told;
  if (first === undefined) return `${name} is not there`;
  const way = told.map(({ to, why }) => `${to}, ${why}`).join("; that needs ");
  return `${first.from} needs ${way}${entry < 0 ? `; ${at} is not there` : ": a circle"}`;
};

/** A circle from its first name by the alphabet on, so that it reads the same wherever one enters it. */
const rotated = <T extends { readonly from: string }>(circle: readonly T[]): readonly T[] => {
  const first = circle.reduce((least, { from }) => (from < least ? from : least), circle[0]?.from ?? "");
  const at = circle.findIndex(({ from }) => from === first);
  return [...circle.slice(at), ...circle.slice(0, at)];
};
