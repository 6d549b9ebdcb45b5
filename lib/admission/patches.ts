/** Patches of Kyverno: a strategic merge with anchors, and additions at JSON pointers. */
import { type Fields, fieldsOf, isFields, listOf } from "../core/fields.ts";

/** Lists of named things are merged by name; tolerations and others are replaced or added to as Kubernetes says. */
const KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
};

const anchored = (key: string): { readonly anchor: "" | "+" | "()"; readonly name: string } => {
  const [, plus, inner] = /^(\+?)\((.+)\)$/.exec(key) ?? [];
  if (inner === undefined) return { anchor: "", name: key };
  return { anchor: plus === "+" ? "+" : "()", name: inner };
};

/** The object with the patch laid over it: `+(key)` only adds, `(key)` has to be equal for the patch to count. */
export const merged = (target: unknown, patch: unknown, key = ""): unknown => {
  if (Array.isArray(patch)) return mergedList(listOf(target), patch, KEYS[key]);
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = { ...fieldsOf(target) };
  for (const [spelling, value] of Object.entries(patch)) {
    const { anchor, name } = anchored(spelling);
    if (anchor === "()") continue;
    if (anchor === "+" && result[name] !== undefined) continue;
    result[name] = merged(result[name], value, name);
  }
  return result;
};

const nameIn = (element: unknown): unknown => fieldsOf(element).name ?? fieldsOf(element)["(name)"];

/** Without a merge key the elements that are not there yet come after those that are. */
const mergedList = (
  target: readonly unknown[],
  patch: readonly unknown[],
  key: string | undefined,
): unknown[] => {
  if (key === undefined) return [...patch];
  const named = new Map(patch.map((each) => [nameIn(each), each]));
  return target.map((each) => (named.has(nameIn(each)) ? merged(each, named.get(nameIn(each))) : each));
};

const segments = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((each) => each.replaceAll("~1", "/").replaceAll("~0", "~"));

/** The object with one value added at a pointer. */
export const added = (target: unknown, pointer: string, value: unknown): unknown => {
  const place = (at: unknown, [key = "", ...rest]: readonly string[]): Fields => ({
    ...fieldsOf(at),
    [key]: rest.length === 0 ? value : place(fieldsOf(at)[key], rest),
  });
  return place(target, segments(pointer));
};
