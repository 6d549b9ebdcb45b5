/**
 * Lists the values that a Helm chart knows, as JSON pointers.
 *
 * A value is known when `values.yaml` names it or a template reads it (`.Values.a.b`). A line that ends in `/*`
 * is open: a template takes the whole map or list, so what lies below it is not the chart's to know.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { isFields } from "../../lib/core/fields.ts";
import { mustRunSync } from "../../lib/core/process/command.ts";

/** `.Values.a.b`, and `.Values.a "b.c"` as `index` and `hasKey` write it. */
const REFERENCE = /\.Values((?:\.[A-Za-z_][\w]*)+)(?:\s+"([\w.-]+)")?/g;

const pointer = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const files = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());

/** The values of `values.yaml` with those that have no map below; an empty map, list or null is open. */
const declared = (value: unknown, path: readonly string[]): string[] => {
  if (isFields(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, child]) => declared(child, [...path, key]));
  }
  return isFields(value) || Array.isArray(value) || value === null
    ? [pointer(path), `${pointer(path)}/*`]
    : [pointer(path)];
};

const lookUp = (values: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isFields(value) ? value[key] : undefined), values);

/** Paths of the values that templates read; a map that is read only as a whole is open, and takes any key. */
const read = (values: unknown, templates: readonly string[]): string[] => {
  const paths = new Map<string, string[]>();
  for (const template of templates) {
    for (const [, dotted = "", quoted] of template.matchAll(REFERENCE)) {
      const path = dotted.slice(1).split(".");
      const isIndexed =
        quoted !== undefined && (isFields(lookUp(values, path)) || lookUp(values, path) === undefined);
      const whole = isIndexed ? [...path, quoted] : path;
      paths.set(pointer(whole), whole);
    }
  }
  const all = [...paths.keys()];
  return all.flatMap((key) => {
    const isLeaf = !all.some((other) => other.startsWith(`${key}/`));
    const value = lookUp(values, paths.get(key) ?? []);
    if (!isFields(value)) return [key];
    return isLeaf ? [key, `${key}/*`] : [];
  });
};

/** The lines for a chart that lies unpacked in `directory`. */
export const unreadKeys = (directory: string): string[] => {
  const values: unknown = parse(readFileSync(join(directory, "values.yaml"), "utf8"));
  const templates = files(join(directory, "templates")).map((path) => readFileSync(path, "utf8"));
  return [...new Set([...declared(values, []), ...read(values, templates)])].sort();
};

const unpacked = <T>(archive: string, use: (directory: string) => T): T => {
  const directory = mkdtempSync(join(tmpdir(), "chart-"));
  try {
    mustRunSync("tar", ["-xzf", archive, "-C", directory, "--strip-components=1"]);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

/** The lines for a packed chart, or for a directory. */
export const chartKeysOf = (chart: string): string[] =>
  statSync(chart).isDirectory() ? unreadKeys(chart) : unpacked(chart, unreadKeys);
