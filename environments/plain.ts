/** Deeper than any field of an environment. */
const DEEPEST = 8;

/**
 * A copy as plain data: safe to read again and again. Leaves out properties that throw when they are read, and
 * everything deeper than an environment goes, so that cycles end.
 */
export const plain = (value: unknown, depth = 0): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return undefined;
  try {
    if (Array.isArray(value)) return value.map((element) => plain(element, depth + 1));
    return Object.fromEntries(Object.keys(value).map((key) => [key, plain(read(value, key), depth + 1)]));
  } catch {
    return undefined;
  }
};

const read = (value: object, key: string): unknown => {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
};
