/** Turns the issues that zod found into findings, in the words of the other rules. */

import * as z from "zod";
import { suggestion } from "./did-you-mean.ts";
import { namedPath } from "./paths.ts";
import type { Finding } from "./problem.ts";

const KINDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "text",
};

const UNITS: Readonly<Record<string, string>> = { array: "element", string: "character" };

type Issue = z.core.$ZodIssue;

const bound = (word: string, amount: number | bigint, origin: string): string => {
  const unit = UNITS[origin];
  return unit === undefined
    ? `must be ${word} ${amount}`
    : `must have ${word} ${amount} ${unit}${Number(amount) === 1 ? "" : "s"}`;
};

/** Messages of our own fields start with "must"; the rest is zod's, and said anew. */
const ruleOf = (issue: Issue): string => {
  if (issue.message.startsWith("must ")) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return bound("at least", issue.minimum, issue.origin);
    case "too_big":
      return bound("at most", issue.maximum, issue.origin);
    default:
      return `must be well-formed: ${issue.message}`;
  }
};

const valueAt = (root: unknown, keys: readonly PropertyKey[]): unknown => {
  let value = root;
  for (const key of keys) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
};

/**
 * Finds the issues within the one form of a union whose fields the value has; undefined when none or several forms
 * fit.
 */
const withinUnion = (input: unknown, issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined => {
  const value = valueAt(input, issue.path);
  const [fitting, ...others] = issue.errors.filter((form) =>
    form.every(
      ({ code, path }) =>
        code !== "unrecognized_keys" && path.length > 0 && valueAt(value, path) !== undefined,
    ),
  );
  if (others.length > 0) return undefined;
  return fitting?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** The fields that the schema has at a place, those of each form of a union among them. */
const fieldsAt = (schema: z.core.$ZodType, keys: readonly PropertyKey[]): string[] => {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((form) => fieldsAt(form, keys));
  if (schema instanceof z.ZodPipe) return fieldsAt(schema.in, keys);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return fieldsAt(schema.unwrap(), keys);
  const [key, ...rest] = keys;
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return fieldsAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = new Map<PropertyKey, z.core.$ZodType>(Object.entries(schema.shape));
  const field = key === undefined ? undefined : shape.get(key);
  return key === undefined ? [...Object.keys(schema.shape)] : field ? fieldsAt(field, rest) : [];
};

/**
 * Lists the malformed parts of data, from the issues that zod found.
 * @param what the whole that fields belong to, e.g. "an environment"
 */
export const shapeFindings = (
  input: unknown,
  { issues }: Pick<z.ZodError, "issues">,
  schema: z.ZodType,
  what: string,
): Finding[] =>
  issues.flatMap((issue): Finding[] => {
    const inner = issue.code === "invalid_union" ? withinUnion(input, issue) : undefined;
    if (inner) return shapeFindings(input, { issues: [...inner] }, schema, what);
    if (issue.code === "unrecognized_keys") {
      const known = fieldsAt(schema, issue.path);
      return issue.keys.map((key) => ({
        path: namedPath(input, [...issue.path, key]),
        rule: `must not be there: it is not a field of ${what}${suggestion(key, known)}`,
        value: key,
      }));
    }
    const path = namedPath(input, issue.path);
    if (issue.code === "invalid_key") {
      return issue.issues.map((inner) => ({ path, rule: ruleOf(inner), value: issue.path.at(-1) }));
    }
    return [{ path, rule: ruleOf(issue), value: valueAt(input, issue.path) }];
  });
