import { isFields } from "../lib/core/fields.ts";
import { type Place, resolvePattern } from "./paths.ts";
import type { Environment } from "./values.ts";

/** A field whose value nobody has confirmed. */
interface Unknown {
  /** Fields with the same value stand together: `nodes.{daphne,diva}.cpu`. */
  readonly path: string;
  /** The value assumed; "unknown" where there is none. */
  readonly value: string;
  readonly why: string;
  /** The way to find out. */
  readonly verify: string;
}

/** Data, and no value object: those say themselves. */
const isPlain = (value: unknown): boolean =>
  isFields(value) && Object.getPrototypeOf(value) === Object.prototype;

const shown = (value: unknown): string =>
  value === null ? "unknown" : Array.isArray(value) || isPlain(value) ? JSON.stringify(value) : String(value);

/** `nodes.*.cpu` of two places is `nodes.{daphne,diva}.cpu`. */
const merged = (pattern: string, places: readonly Place[]): string => {
  const [first] = places;
  if (first && places.length === 1) return first.path;
  if (first?.wildcards.length !== 1) return places.map(({ path }) => path).join(", ");
  return pattern.replace("*", `{${places.flatMap(({ wildcards }) => wildcards).join(",")}}`);
};

/** Lists each assumption with the fields that it stands for and the values that they are taken to have. */
export const unknowns = (environment: Environment): Unknown[] =>
  environment.assumptions.flatMap(({ path, why, verify }) => {
    const byValue = new Map<string, Place[]>();
    for (const place of resolvePattern(environment, path)) {
      const value = shown(place.value);
      const places = byValue.get(value) ?? [];
      places.push(place);
      byValue.set(value, places);
    }
    return [...byValue].map(([value, places]) => ({ path: merged(path, places), value, why, verify }));
  });
