import { closest, distance } from "fastest-levenshtein";

/** Longer than any name: nothing is near. */
const LONGEST_NAME = 64;

/** The nearest of the known names, unless it differs in more than a third of its letters. */
export const suggestion = (name: string, known: readonly string[]): string => {
  if (known.length === 0 || name.length > LONGEST_NAME) return "";
  const nearest = closest(name, known);
  const most = Math.max(1, Math.floor(nearest.length / 3));
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= most ? `; did you mean ${nearest}?` : "";
};
