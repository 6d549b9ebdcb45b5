import { distance } from "fastest-levenshtein";
import { UsageError } from "../../lib/core/usage-error.ts";

/** More names than these are too many to list; the nearest are named instead. */
const LISTED = 12;

/** Says that a name is not known, which is nearest, and which there are. */
export const unknownName = (what: string, name: string, known: readonly string[]): string => {
  const nearest = [...known].sort((a, b) => distance(name, a) - distance(name, b));
  const [first] = nearest;
  if (first === undefined) return `no ${what} ${JSON.stringify(name)}: there is none`;
  const listed =
    known.length > LISTED
      ? `near it are ${nearest.slice(0, 3).join(", ")}, of ${known.length}`
      : `known are ${known.join(", ")}`;
  return `no ${what} ${JSON.stringify(name)}: did you mean ${first}? ${listed}`;
};

/** Refuses a name that is not known. */
export const knownName = <T extends string>(what: string, name: string, known: readonly T[]): T => {
  const found = known.find((each) => each === name);
  if (found === undefined) throw new UsageError(unknownName(what, name, known));
  return found;
};
