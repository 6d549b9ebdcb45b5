/** Options that several laboratories take, checked alike; a line for each problem. */
import { unknownName } from "../operations/cli/known-name.ts";

/** Options that must be whole numbers, by name. */
export const numberProblems = (options: Readonly<Record<string, string>>): string[] =>
  Object.entries(options)
    .filter(([, value]) => !/^\d{1,10}$/.test(value))
    .map(([name, value]) => `--${name}: must be a whole number: got ${JSON.stringify(value)}`);

/** Names of what `--break` breaks. */
export const breakProblems = (names: readonly string[], known: object, what = "fault"): string[] =>
  names
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => `--break: ${unknownName(what, name, Object.keys(known))}`);
