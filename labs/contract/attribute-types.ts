/** Checks values and types against attributes, by Terraform's rules of conversion. */
import type { AttributeSchema, AttributeType } from "./provider-schema.ts";

/** The type of an attribute, parts with rules of their own included. */
export const typeOf = ({ type, nested_type }: AttributeSchema): AttributeType => {
  if (!nested_type) return type ?? "dynamic";
  const { attributes, nesting_mode: mode } = nested_type;
  const optional = Object.keys(attributes).filter((name) => !attributes[name]?.required);
  const object: AttributeType = [
    "object",
    Object.fromEntries(Object.entries(attributes).map(([name, part]) => [name, typeOf(part)])),
    optional,
  ];
  return mode === "single" || mode === "group" ? object : [mode, object];
};

/** A type as one reads it: `list of string`, `object { a, b }`. */
export const typeName = (type: AttributeType): string => {
  if (typeof type === "string") return type;
  if (type[0] === "object") return `object { ${Object.keys(type[1]).join(", ")} }`;
  if (type[0] === "tuple") return "tuple";
  return `${type[0]} of ${typeName(type[1])}`;
};

const isPrimitive = (type: AttributeType): type is string => typeof type === "string";

/** The form that a literal of JSON has; undefined for null. */
const formOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return "list";
  return typeof value === "boolean" ? "bool" : typeof value;
};

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Lists the reasons why a literal does not fit a type: one line for each part, with its path. `text` judges strings
 * that hold expressions.
 */
export const literalProblems = (
  value: unknown,
  type: AttributeType,
  path: string,
  text: (value: string, type: AttributeType, path: string) => string[] | undefined,
): string[] => {
  const form = formOf(value);
  if (form === undefined || type === "dynamic") return [];
  const wrong = [`${path}: must be ${typeName(type)}: got ${shown(value)}`];
  if (typeof value === "string") {
    const judged = text(value, type, path);
    if (judged) return judged;
  }
  if (isPrimitive(type)) return fitsPrimitive(value, type) ? [] : wrong;
  if (type[0] === "list" || type[0] === "set") {
    if (!Array.isArray(value)) return wrong;
    return value.flatMap((item, index) => literalProblems(item, type[1], `${path}[${index}]`, text));
  }
  if (type[0] === "tuple") return Array.isArray(value) && value.length === type[1].length ? [] : wrong;
  if (form !== "object") return wrong;
  const entries = Object.entries(value as Record<string, unknown>);
  if (type[0] !== "object")
    return entries.flatMap(([name, item]) => literalProblems(item, type[1], `${path}.${name}`, text));
  const [, parts, optional = []] = type;
  const given = new Set(entries.filter(([, item]) => formOf(item) !== undefined).map(([name]) => name));
  return [
    ...entries.flatMap(([name, item]) => {
      const part = parts[name];
      return part === undefined
        ? [`${path}.${name}: must be one of ${Object.keys(parts).join(", ")}: got ${name}`]
        : literalProblems(item, part, `${path}.${name}`, text);
    }),
    ...Object.keys(parts)
      .filter((name) => !optional.includes(name) && !given.has(name))
      .map((name) => `${path}.${name}: is required: got nothing`),
  ];
};

const fitsPrimitive = (value: unknown, type: string): boolean => {
  if (typeof value === "object") return false;
  if (type === "number") return typeof value === "number" || NUMBER.test(String(value));
  if (type === "bool") return typeof value === "boolean" || value === "true" || value === "false";
  return true;
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

/**
 * True when Terraform could convert some value of one type to the other. A conversion that Terraform decides by the
 * value counts as possible.
 */
export const converts = (from: AttributeType, to: AttributeType): boolean => {
  if (from === "dynamic" || to === "dynamic") return true;
  if (isPrimitive(from) || isPrimitive(to)) return isPrimitive(from) && isPrimitive(to) && alike(from, to);
  if (to[0] === "tuple" || from[0] === "tuple") return to[0] !== "map" && to[0] !== "object";
  if (to[0] === "list" || to[0] === "set")
    return (from[0] === "list" || from[0] === "set") && converts(from[1], to[1]);
  if (from[0] === "list" || from[0] === "set") return false;
  if (to[0] !== "object")
    return from[0] === "object"
      ? Object.values(from[1]).every((part) => converts(part, to[1]))
      : converts(from[1], to[1]);
  if (from[0] !== "object") return true;
  const [, parts, optional = []] = to;
  return Object.entries(parts).every(([name, part]) => {
    const given = from[1][name];
    return given === undefined ? optional.includes(name) : converts(given, part);
  });
};

/** Numbers and booleans have a text; a text may be a number or a boolean. */
const alike = (from: string, to: string): boolean => from === to || from === "string" || to === "string";
