import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";

/** Said by a rule that could not decide, because a part that it needs is malformed. */
export interface Undecided {
  /** The beginning of the ids of the risks that its findings would carry. */
  readonly undecided: string;
}

/** Says what is wrong between fields, as far as the well-formed parts show. `today` is YYYY-MM-DD. */
export type Rule = (facts: Facts, today: string) => Iterable<Finding | Undecided>;

/** Elements after the first that have the same key, with that first one. */
export const repeated = <T>(items: readonly T[], keyOf: (item: T) => unknown): [later: T, first: T][] => {
  const seen = new Map<unknown, T>();
  return items.flatMap((item) => {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item);
    return first === undefined ? [] : [[item, first] as [T, T]];
  });
};
