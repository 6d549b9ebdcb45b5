/** Cuts an object down to the fields that a proof reads. */
import { type Fields, isFields } from "../../lib/core/fields.ts";

/** `true` keeps a value whole; a map keeps those of its fields; a list of one shape is that of every element. */
export type Shape = true | { readonly [field: string]: Shape } | readonly [Shape];

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** The fields of a value that the shape names, in the order of the shape. */
export const trimmed = (value: unknown, shape: Shape): unknown => {
  if (shape === true || isEmpty(value)) return value ?? undefined;
  if (isList(shape)) return Array.isArray(value) ? value.map((each) => trimmed(each, shape[0])) : value;
  if (!isFields(value)) return value;
  const fields = Object.entries(shape).flatMap(([name, below]): [string, unknown][] => {
    const field = trimmed(value[name], below);
    return isEmpty(field) ? [] : [[name, field]];
  });
  return Object.fromEntries(fields);
};

/** Labels and annotations as they are, but for checksums, which change with what nobody reads here. */
export const metadataOf = (metadata: Fields): Fields => {
  const { name, namespace, labels, annotations } = metadata;
  const kept = Object.entries(isFields(annotations) ? annotations : {}).filter(
    ([key]) => !/checksum|artifacthub/.test(key),
  );
  return {
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(isFields(labels) && { labels }),
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
  };
};
