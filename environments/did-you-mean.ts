import { closest, distance } from "fastest-levenshtein";

/** Longer than any name: nothing is near. */
const LONGEST_NAME = 64;

const letters = (name: string): string => [...name.toLowerCase()].sort().join("");

/** The known name of the same letters, or the nearest, unless it differs in more than a third of its letters. */
export const suggestion = (name: string, known: readonly string[]): string => {
  if (known.length === 0 || name.length > LONGEST_NAME) return "";
  const swapped = known.find((each) => each !== name && letters(each) === letters(name));
  if (swapped !== undefined) return `; did you mean ${swapped}?`;
  const nearest = closest(name, known);
  const most = Math.max(1, Math.floor(nearest.length / 3));
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= most ? `; did you mean ${nearest}?` : "";
};
