/**
 * Finds the fields of an environment that something reads: a field that nothing reads is dead data, and is reported.
 */

type Path = readonly string[];

/** A list or a record; a value object, e.g. an address, is one value. */
const isObject = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

/** A field's own value: a scalar or a value object, or a list of them. */
const isLeaf = (value: unknown): boolean =>
  !isObject(value) || (Array.isArray(value) && !value.some(isObject));

/** Elements of one list share a name, as keys of a record that are names do not: `nodes.*.cpu`. */
const childPath = (parent: object, path: Path, key: string): Path => [
  ...path,
  Array.isArray(parent) ? "*" : key,
];

const leafPaths = (value: unknown, path: Path): string[] =>
  isObject(value) && !isLeaf(value)
    ? Object.entries(value).flatMap(([key, child]) => leafPaths(child, childPath(value, path, key)))
    : [path.join(".")];

export interface RecordedReads<T> {
  /** The same data; reading it is noted. */
  readonly environment: T;
  /** Fields that nothing has read, in the order of the data; list elements stand together: `nodes.*.cpu`. */
  unreadPaths(): string[];
}

/**
 * Hands out an environment that notes which of its fields are read.
 *
 * A field of list elements is used when it is read of any element. Reading an object or a list of objects uses
 * nothing by itself; reading a list of scalars uses it. Copies that look at nothing do not count: JSON.stringify
 * is given the data without a note, and structuredClone throws, as it does on any proxy. Spreading an object and
 * Object.entries do count for the scalars that the object itself holds: name the fields instead.
 */
export const recordReads = <T extends object>(environment: T): RecordedReads<T> => {
  const read = new Set<string>();
  const proxies = new WeakMap<object, object>();

  const record = (target: object, path: Path): object => {
    const known = proxies.get(target);
    if (known) return known;
    const proxy = new Proxy(target, {
      get(_, key) {
        if (key === "toJSON") return () => target;
        const value: unknown = Reflect.get(target, key);
        if (typeof key === "symbol" || !Object.hasOwn(target, key) || typeof value === "function")
          return value;
        const place = childPath(target, path, key);
        if (!isLeaf(value)) return record(value as object, place);
        read.add(place.join("."));
        return value;
      },
    });
    proxies.set(target, proxy);
    return proxy;
  };

  return {
    environment: record(environment, []) as T,
    unreadPaths: () => [...new Set(leafPaths(environment, []))].filter((path) => !read.has(path)),
  };
};
