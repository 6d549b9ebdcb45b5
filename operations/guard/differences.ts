/** The leaves at which two values differ, with what is unknown and what is secret. */
import { isDeepStrictEqual } from "node:util";
import { type Fields, fieldsOf, isFields } from "../../lib/core/fields.ts";

export interface LeafDifference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** True when what comes is known only after the apply. */
  readonly unknown: boolean;
  readonly sensitive: boolean;
}

/** Two values side by side, each with what Terraform says of its paths. */
export interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  /** `true`, or a tree with `true` at the paths that are not known yet. */
  readonly unknown?: unknown;
  /** `true`, or trees with `true` at the paths that are secret. */
  readonly sensitive?: readonly unknown[];
}

/** Fields by which elements of a list are told apart, whatever their order. */
const IDENTITIES = ["name", "id", "key", "host", "type"] as const;

/**
 * Compares two values, path by path. A list of one object is a block of Terraform: it adds no step to the path.
 * Elements that have a name are compared by it; other lists of different lengths, and lists of plain values, differ
 * as a whole.
 */
export const differences = (pair: Pair, path: readonly string[] = []): LeafDifference[] => {
  const { before, after, unknown, sensitive = [] } = pair;
  const isSecret = sensitive.includes(true) || isSecretName(path.at(-1));
  if (unknown === true) return [{ path, before, after: undefined, unknown: true, sensitive: isSecret }];
  if (!hasUnknown(unknown) && same(before, after)) return [];
  const found = (): LeafDifference[] => [{ path, before, after, unknown: false, sensitive: isSecret }];
  const [old, now] = sidesOf(block(before), block(after));
  if (isFields(old) && isFields(now)) {
    const below = [
      ...new Set([...Object.keys(old), ...Object.keys(now), ...Object.keys(fieldsOf(block(unknown)))]),
    ].flatMap((key) =>
      differences(
        {
          before: old[key],
          after: now[key],
          unknown: fieldsOf(block(unknown))[key],
          sensitive: isSecret ? [true] : sensitive.map((tree) => fieldsOf(block(tree))[key]),
        },
        [...path, key],
      ),
    );
    return below.length > 0 ? below : found();
  }
  if (hasUnknown(unknown)) return [{ path, before, after, unknown: true, sensitive: isSecret }];
  if (!Array.isArray(before) || !Array.isArray(after)) return found();
  const identity = IDENTITIES.find((key) => tellsApart(key, before) && tellsApart(key, after));
  if (identity === undefined) return found();
  const [was, will] = [byIdentity(identity, before), byIdentity(identity, after)];
  const common = (keys: Iterable<string>, other: ReadonlyMap<string, unknown>) =>
    [...keys].filter((key) => other.has(key));
  if (!isDeepStrictEqual(common(was.keys(), will), common(will.keys(), was))) return found();
  return [...new Set([...was.keys(), ...will.keys()])].flatMap((key) =>
    differences(
      {
        before: was.get(key),
        after: will.get(key),
        sensitive: isSecret || sensitive.some(hasUnknown) ? [true] : [],
      },
      [...path, key],
    ),
  );
};

/** Something in place of nothing is compared field by field. */
const sidesOf = (before: unknown, after: unknown): readonly [unknown, unknown] => {
  const isFilled = (value: unknown) => isFields(value) && Object.keys(value).length > 0;
  if (isFilled(before) && (after ?? null) === null) return [before, {}];
  return (before ?? null) === null && isFilled(after) ? [{}, after] : [before, after];
};

/** Fields that hold secrets, whether a provider says so or not. */
const SECRET = /^(token|secret|password|.*(secret|password|private|client|service-?account)[_-]?key|key)$/i;

const isSecretName = (name: string | undefined): boolean => name !== undefined && SECRET.test(name);

const block = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && isFields(value[0]) ? value[0] : value;

/** A value that is not set stands as null or not at all. */
const same = (before: unknown, after: unknown): boolean =>
  (before ?? null) === (after ?? null) || isDeepStrictEqual(before, after);

const hasUnknown = (tree: unknown): boolean =>
  tree === true || (typeof tree === "object" && tree !== null && Object.values(tree).some(hasUnknown));

const tellsApart = (key: string, list: readonly unknown[]): boolean => {
  const values = list.map((element) => fieldsOf(element)[key]);
  return values.every((value) => typeof value === "string") && new Set(values).size === list.length;
};

const byIdentity = (key: string, list: readonly unknown[]): Map<string, Fields> =>
  new Map(list.map(fieldsOf).map((element) => [String(element[key]), element]));
