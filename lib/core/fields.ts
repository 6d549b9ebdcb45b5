/** Reads objects of unknown shape: JSON, YAML, the output of other programs. */

/** An object whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object, or an empty one in place of anything else. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** A list, or an empty one in place of anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, or an empty one in place of anything else. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
