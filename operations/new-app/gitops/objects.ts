/** Reads objects of Kubernetes, and writes what of them says something. */
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";

/** A list of objects; anything else in it is an empty one. */
export const fieldsIn = (value: unknown): Fields[] => listOf(value).map(fieldsOf);

export const nameIn = ({ metadata }: Fields): string => textOf(fieldsOf(metadata).name);

export const ofKind = (objects: readonly Fields[], ...kinds: readonly string[]): Fields[] =>
  objects.filter(({ kind }) => kinds.includes(textOf(kind)));

export const allContainers = (pod: Fields): Fields[] => [
  ...fieldsIn(pod.containers),
  ...fieldsIn(pod.initContainers),
];

/** Without fields that are undefined, or empty lists and maps. */
export const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !saysNothing(value)),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };

export const saysNothing = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0;

/** The last of the items that have the same key, in the place of the first. */
export const unique = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];
