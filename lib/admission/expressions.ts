/** Texts of Kyverno with expressions in double braces, filled in as its engine does it. */
import { compile, type JSONValue, TreeInterpreter } from "@jmespath-community/jmespath";
import { type Fields, fieldsOf } from "../core/fields.ts";
import { computedOnce } from "../core/memo.ts";

/** Names that expressions may use: `request`, `element`, and the rule's variables. */
export type Scope = Fields;

const INNERMOST = /\{\{((?:(?!\{\{|\}\}).)*)\}\}/s;

const compiled = computedOnce((expression) => compile(expression));

/** The value at an expression; null when there is none. Throws on what JMESPath refuses. */
const evaluated = (expression: string, scope: Scope): unknown =>
  TreeInterpreter.search(compiled(expression.trim()), scope as unknown as JSONValue) ?? null;

const spelled = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

/** A text with its expressions replaced, from the innermost outwards; a text that is one expression gets its value. */
export const filled = (text: string, scope: Scope): unknown => {
  let rest = text;
  for (let found = INNERMOST.exec(rest); found; found = INNERMOST.exec(rest)) {
    const value = evaluated(found[1] ?? "", scope);
    if (found[0] === rest.trim()) return value;
    rest = rest.replace(found[0], () => spelled(value));
  }
  return rest;
};

/** A whole structure with its texts filled in, keys left as they are. */
export const filledIn = (value: unknown, scope: Scope): unknown => {
  if (typeof value === "string") return filled(value, scope);
  if (Array.isArray(value)) return value.map((each) => filledIn(each, scope));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([key, each]) => [key, filledIn(each, scope)]),
  );
};

/** The list that a rule patches one by one. */
export const itemsAt = (expression: string, scope: Scope): readonly unknown[] => {
  const value = evaluated(expression, scope);
  return Array.isArray(value) ? value : [];
};
