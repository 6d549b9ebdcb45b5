import {
  type CreateNodeOptions,
  Document,
  type DocumentOptions,
  type SchemaOptions,
  stringify,
  type ToStringOptions,
} from "yaml";

type Options = DocumentOptions & SchemaOptions & CreateNodeOptions & ToStringOptions;

/**
 * A function that writes values as YAML. `stringify` by itself lays out the tables of what a text could be read as
 * for each value anew, a third of its time; here that happens once.
 */
export const yamlWriter = (options: Options): ((value: unknown) => string) => {
  const { schema } = new Document(null, options);
  return (value) => stringify(value, { ...options, schema });
};
