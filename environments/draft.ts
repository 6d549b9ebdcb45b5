/**
 * Collects the well-formed parts of data that may be malformed as a whole, so that the rules between fields run on it
 * all the same.
 */
import * as z from "zod";
import { type EnvironmentShape, environmentShape } from "./shape.ts";

/** An address, a quantity, …: whole or malformed. */
interface Value {
  toJSON(): string;
}

/** Missing and malformed parts are undefined. */
type Draft<T> = T extends Value
  ? T
  : T extends readonly (infer Element)[]
    ? readonly (Draft<Element> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
      : T;

export type EnvironmentDraft = Draft<EnvironmentShape>;

/** The same shape with every field optional; a malformed field reads as undefined. */
const lenient = (schema: z.core.$ZodType): z.ZodType => {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Record<string, z.core.$ZodType>);
    return z.object(Object.fromEntries(fields.map(([key, field]) => [key, lenient(field)]))).catch(nothing);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const fields = schema.options.flatMap((form) =>
      form instanceof z.ZodObject ? Object.entries<z.ZodType>(form.shape) : [],
    );
    const merged = fields.map(([key]) => [
      key,
      z.union(fields.flatMap(([other, form]) => (other === key ? form : []))),
    ]);
    return lenient(z.object(Object.fromEntries(merged)));
  }
  if (schema instanceof z.ZodNullable) return z.union([z.null(), lenient(schema.unwrap())]);
  if (schema instanceof z.ZodDefault) return lenient(schema.unwrap());
  if (schema instanceof z.ZodArray) return z.array(lenient(schema.element)).catch(nothing);
  if (schema instanceof z.ZodRecord) return z.record(z.string(), lenient(schema.valueType)).catch(nothing);
  return z.optional(schema).catch(undefined);
};

/** Typed like the value it stands in for: zod asks a catch for the output type. */
const nothing = undefined as never;

export const lenientDraft = (input: unknown): EnvironmentDraft =>
  (lenient(environmentShape).parse(input) ?? {}) as EnvironmentDraft;
