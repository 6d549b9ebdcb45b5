/** Finds values that change nothing in what Helm renders: a misspelt name, or a setting of what is switched off. */
import { isFields } from "../../lib/core/fields.ts";

type Path = readonly (string | number)[];

/** Renders values; undefined when Helm refuses them. */
export type Render = (values: unknown) => Promise<string | undefined>;

const pointer = (path: Path): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Paths of all values that hold no others. */
const leaves = (value: unknown, path: Path = []): Path[] => {
  const below: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isFields(value)
      ? Object.entries(value)
      : [];
  return below.length === 0 ? [path] : below.flatMap(([key, child]) => leaves(child, [...path, key]));
};

/** A copy in which the value at the path is what `change` makes of it; undefined takes it out. */
const changed = (value: unknown, [key, ...rest]: Path, change: (leaf: unknown) => unknown): unknown => {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((each, at) => {
      const next = at === key ? changed(each, rest, change) : each;
      return next === undefined ? [] : [next];
    });
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) => {
      const next = name === key ? changed(child, rest, change) : child;
      return next === undefined ? [] : [[name, next]];
    }),
  );
};

/** A value of the same kind that is another one. */
const another = (leaf: unknown): unknown => {
  if (typeof leaf === "string") return `${leaf}x`;
  if (typeof leaf === "number") return leaf + 1;
  if (typeof leaf === "boolean") return !leaf;
  if (Array.isArray(leaf)) return ["x"];
  return isFields(leaf) ? { x: "x" } : "x";
};

/** The lines of a rendering, its objects in one order: Helm writes those of a kind in whatever order it finds them. */
const linesOf = (rendering: string): string[] => rendering.split(/^---$/m).sort().join("---\n").split("\n");

/** Compares two renderings, but for the lines that chance writes: certificates and passwords that a chart makes up. */
const comparison = (first: string, second: string): ((other: string) => boolean) => {
  const [lines, again] = [linesOf(first), linesOf(second)];
  const fixed = lines.map((line, at) => line === again[at]);
  return (other) => {
    const others = linesOf(other);
    return others.length === lines.length && lines.every((line, at) => !fixed[at] || line === others[at]);
  };
};

/**
 * JSON pointers of the values without effect: with another value, and without any, Helm renders the same. A value that
 * only repeats the chart's own is none, since another one would change something.
 */
export const unusedValues = async (values: unknown, render: Render): Promise<string[]> => {
  const [first, second] = [await render(values), await render(values)];
  if (first === undefined || second === undefined) throw new Error("values must render as they are");
  const isSame = comparison(first, second);
  const hasNoEffect = async (path: Path): Promise<boolean> => {
    for (const change of [another, () => undefined]) {
      const rendered = await render(changed(values, path, change));
      if (rendered === undefined || !isSame(rendered)) return false;
    }
    return true;
  };
  const unused: string[] = [];
  for (const path of leaves(values).filter((each) => each.length > 0))
    if (await hasNoEffect(path)) unused.push(pointer(path));
  return unused;
};
