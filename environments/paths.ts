/** How places in an environment are named: by the names of elements, not by their positions. */
import { isFields } from "../lib/core/fields.ts";

/** What reads well inside a path without quotes. */
const PLAIN = /^[\w.*-]{1,64}$/;

/** An element's `name`, else its `id`, else its position. */
const nameOf = (element: unknown, index: number): string => {
  if (!isFields(element)) return String(index);
  const named = [element.name, element.id, typeof element.id === "number" && String(element.id)];
  return named.find((name): name is string => typeof name === "string" && PLAIN.test(name)) ?? String(index);
};

/** The value's own fields or elements, with the names that paths give them. */
const children = (value: unknown): [name: string, child: unknown][] =>
  Array.isArray(value)
    ? value.map((element, index) => [nameOf(element, index), element])
    : isFields(value)
      ? Object.entries(value)
      : [];

/** `["nodes", 0, "mac"]` in the data that holds it is `nodes.daphne.mac`. */
export const namedPath = (root: unknown, keys: readonly PropertyKey[]): string => {
  const names: string[] = [];
  let value = root;
  for (const key of keys) {
    const child = Array.isArray(value) || isFields(value) ? (value as never)[key] : undefined;
    const name = Array.isArray(value) ? nameOf(child, Number(key)) : String(key);
    names.push(PLAIN.test(name) ? name : JSON.stringify(name));
    value = child;
  }
  return names.join(".");
};

export interface Place {
  readonly path: string;
  readonly value: unknown;
  /** What each `*` of the pattern stands for. */
  readonly wildcards: readonly string[];
}

/** The places that a pattern names; `*` stands for any one segment. */
export const resolvePattern = (root: unknown, pattern: string): Place[] => {
  let places: Place[] = [{ path: "", value: root, wildcards: [] }];
  for (const segment of pattern.split(".")) {
    places = places.flatMap(({ path, value, wildcards }) =>
      children(value)
        .filter(([name]) => segment === "*" || segment === name)
        .map(([name, child]) => ({
          path: path === "" ? name : `${path}.${name}`,
          value: child,
          wildcards: segment === "*" ? [...wildcards, name] : wildcards,
        })),
    );
  }
  return places;
};
