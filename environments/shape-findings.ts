/** What is malformed, in the words of the other rules. */
import type * as z from "zod";
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

/** What is wrong within the one form of a union whose fields the value has; undefined when none or several fit. */
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

export const shapeFindings = (input: unknown, error: Pick<z.ZodError, "issues">): Finding[] =>
  error.issues.flatMap((issue): Finding[] => {
    const inner = issue.code === "invalid_union" ? withinUnion(input, issue) : undefined;
    if (inner) return shapeFindings(input, { issues: [...inner] });
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: namedPath(input, [...issue.path, key]),
        rule: "must not be there: it is not a field of an environment",
        value: key,
      }));
    }
    const path = namedPath(input, issue.path);
    if (issue.code === "invalid_key") {
      return issue.issues.map((inner) => ({ path, rule: ruleOf(inner), value: issue.path.at(-1) }));
    }
    return [{ path, rule: ruleOf(issue), value: valueAt(input, issue.path) }];
  });
