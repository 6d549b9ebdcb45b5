/** Checks values against the list of values that a chart knows: see labs/charts/chart-keys.ts. */
import { readFileSync } from "node:fs";

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const leaves = (value: unknown, path = ""): string[] =>
  isMap(value) ? Object.entries(value).flatMap(([key, child]) => leaves(child, `${path}/${key}`)) : [path];

const prefixes = (path: string): string[] =>
  path
    .split("/")
    .map((_, index, parts) => parts.slice(0, index).join("/"))
    .filter((prefix) => prefix !== "");

/** The values that the chart does not know, as JSON pointers; `keys` is the path of its list. */
export const unknownValues = (keys: URL, values: unknown): string[] => {
  const known = new Set(readFileSync(keys, "utf8").trimEnd().split("\n"));
  return leaves(values).filter(
    (path) => !known.has(path) && !prefixes(path).some((prefix) => known.has(`${prefix}/*`)),
  );
};
