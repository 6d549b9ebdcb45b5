/** Names places in an environment by the names of elements, not by their positions. */
import { isFields } from "../lib/core/fields.ts";

/** Names that need no quotes inside a path. */
const PLAIN = /^[\w.*-]{1,64}$/;

/** The list whose elements are named by a number; one that is no VLAN's would pass for a place in the list. */
const VLANS = "vlans";
const isVlanId = (id: unknown): boolean => Number.isInteger(id) && Number(id) >= 1 && Number(id) <= 4094;

/** The `name` or `id` of an element of a list, else its position. */
const nameOf = (element: unknown, index: number, list: string): string | number => {
  if (!isFields(element)) return index;
  if (list === VLANS) return isVlanId(element.id) ? String(element.id) : index;
  const names = [element.name, element.id];
  return names.find((name): name is string => typeof name === "string" && PLAIN.test(name)) ?? index;
};

/** The value's own fields or elements, with the names that paths give them. */
const children = (value: unknown, list: string): [name: string | number, child: unknown][] =>
  Array.isArray(value)
    ? value.map((element, index) => [nameOf(element, index, list), element])
    : isFields(value)
      ? Object.entries(value)
      : [];

/** Names with a dot before them, positions in brackets: `loadBalancer.interfaces[0]`. */
const joined = (names: readonly (string | number)[]): string =>
  names
    .map((name) =>
      typeof name === "number" ? `[${name}]` : `.${PLAIN.test(name) ? name : JSON.stringify(name)}`,
    )
    .join("")
    .replace(/^\./, "");

/** The names on a path or in a pattern, positions among them: `["interfaces", "0"]`. */
export const segmentsOf = (path: string): string[] => path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");

/** `["nodes", 0, "mac"]` in the data that holds it is `nodes.daphne.mac`. */
export const namedPath = (root: unknown, keys: readonly PropertyKey[]): string => {
  const names: (string | number)[] = [];
  let value = root;
  for (const key of keys) {
    const child = Array.isArray(value) || isFields(value) ? (value as never)[key] : undefined;
    const list = String(names.at(-1) ?? "");
    names.push(Array.isArray(value) ? nameOf(child, Number(key), list) : String(key));
    value = child;
  }
  return joined(names);
};

export interface Place {
  readonly path: string;
  readonly value: unknown;
  /** The text that each `*` of the pattern stands for. */
  readonly wildcards: readonly string[];
}

/** The places that a pattern names; `*` stands for any one segment. */
export const resolvePattern = (root: unknown, pattern: string): Place[] => {
  let places: (Omit<Place, "path"> & { names: (string | number)[] })[] = [
    { names: [], value: root, wildcards: [] },
  ];
  for (const segment of segmentsOf(pattern)) {
    places = places.flatMap(({ names, value, wildcards }) =>
      children(value, String(names.at(-1) ?? ""))
        .filter(([name]) => segment === "*" || segment === String(name))
        .map(([name, child]) => ({
          names: [...names, name],
          value: child,
          wildcards: segment === "*" ? [...wildcards, String(name)] : wildcards,
        })),
    );
  }
  return places.map(({ names, ...place }) => ({ ...place, path: joined(names) }));
};
