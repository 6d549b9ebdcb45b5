/** Reads untyped objects field by field. A field of another type than expected throws a DecodeError. */

import { type Fields, isFields } from "../../core/fields.ts";
import { RejectionError } from "./rejection.ts";

/** A field of another type than expected. */
export class DecodeError extends RejectionError {}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

const expected = (path: string, what: string, value: unknown): DecodeError =>
  new DecodeError(`cannot decode ${path}: expected ${what}, got ${show(value)}`);

/** Null counts as absent, as in Go. */
const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

export const fieldsAt = (value: unknown, path: string): Fields => {
  if (isAbsent(value)) return {};
  if (!isFields(value)) throw expected(path, "an object", value);
  return value;
};

/** An absent list stays undefined: policies distinguish it from an empty one. */
export const listAt = <T>(
  value: unknown,
  path: string,
  item: (value: unknown, path: string) => T,
): readonly T[] | undefined => {
  if (isAbsent(value)) return undefined;
  if (!Array.isArray(value)) throw expected(path, "a list", value);
  return value.map((entry, index) => item(entry, `${path}[${index}]`));
};

export const stringAt = (value: unknown, path: string): string => {
  if (isAbsent(value)) return "";
  if (typeof value !== "string") throw expected(path, "a string", value);
  return value;
};

export const integerAt = (value: unknown, path: string): number => {
  if (isAbsent(value)) return 0;
  if (typeof value !== "number" || !Number.isInteger(value)) throw expected(path, "an integer", value);
  return value;
};

export const booleanAt = (value: unknown, path: string): boolean | undefined => {
  if (isAbsent(value)) return undefined;
  if (typeof value !== "boolean") throw expected(path, "true or false", value);
  return value;
};

/** An integer or a string, as text. */
export const integerOrStringAt = (value: unknown, path: string): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isInteger(value)) return String(value);
  throw expected(path, "an integer or a string", value);
};

/** A map of strings. */
export const stringsAt = (value: unknown, path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fieldsAt(value, path)).map(([key, entry]) => [key, stringAt(entry, `${path}.${key}`)]),
  );
