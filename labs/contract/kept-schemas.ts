/** Parts of the providers' schemas that are kept as files, so that every test run judges by them. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type KnownSchema, type ProviderSchema, reducedSchema, type SchemaTypes } from "./provider-schema.ts";

/** Providers whose bindings are written by hand: of these everything is kept. */
const BOUND_BY_HAND = ["siderolabs/talos", "alekc/kubectl"];

const BINDING = /@cdktf\/provider-([a-z]+)\/lib\/(data-)?([a-z0-9-]+)/g;

/** The types of a provider that some source texts import bindings of. */
export const importedTypes = (texts: readonly string[], provider: string): SchemaTypes => {
  const found = texts
    .flatMap((text) => [...text.matchAll(BINDING)])
    .filter(([, name, , type]) => name === provider && type !== "provider");
  const named = (type: string) => (type === provider ? provider : `${provider}_${type.replaceAll("-", "_")}`);
  const of = (isData: boolean) =>
    [
      ...new Set(
        found.filter(([, , data]) => (data !== undefined) === isData).map((each) => named(each[3] ?? "")),
      ),
    ].sort();
  return { resource: of(false), data: of(true) };
};

/** The part of a schema that is kept. */
export const keptPart = (known: KnownSchema, texts: readonly string[]): KnownSchema => {
  const { schema, source } = known;
  const types = BOUND_BY_HAND.includes(source)
    ? {
        resource: Object.keys(schema.resource_schemas ?? {}),
        data: Object.keys(schema.data_source_schemas ?? {}),
      }
    : importedTypes(texts, source.split("/").at(-1) ?? "");
  return { ...known, complete: false, schema: reducedSchema(schema, types) };
};

/** The kept schemas of a directory. */
export const readSchemas = (directory: string): KnownSchema[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({ ...JSON.parse(readFileSync(join(directory, file), "utf8")), complete: false }));

/** Keeps a schema: a type a line, so that a diff says what changed. */
export const writeSchema = (directory: string, { source, version, schema }: KnownSchema): void => {
  mkdirSync(directory, { recursive: true });
  const typeLines = (types: Readonly<Record<string, unknown>> = {}) =>
    Object.entries(types)
      .map(([type, value]) => `\n${JSON.stringify(type)}: ${JSON.stringify(value)}`)
      .join(",");
  const text = `{
"source": ${JSON.stringify(source)},
"version": ${JSON.stringify(version)},
"schema": {
"provider": ${JSON.stringify(schema.provider)},
"resource_schemas": {${typeLines(schema.resource_schemas)}},
"data_source_schemas": {${typeLines(schema.data_source_schemas)}}
}}
`;
  const file = join(directory, `${source.replaceAll("/", "-")}.json`);
  writeFileSync(file, text);
  chmodSync(file, 0o644);
};

/** Lists the differences between a kept schema and the one that the provider itself prints. */
export const keptProblems = (kept: KnownSchema | undefined, printed: KnownSchema): string[] => {
  const again = "npm run homelab -- contract --update-schemas";
  if (!kept) return [`${printed.source}: no schema is kept: ${again}`];
  if (kept.version !== printed.version)
    return [`${printed.source}: kept of ${kept.version}, the provider is ${printed.version}: ${again}`];
  const kinds = ["resource_schemas", "data_source_schemas"] as const;
  const differing = kinds.flatMap((kind) => {
    const of = ({ schema }: { schema: ProviderSchema }) => schema[kind] ?? {};
    return [...new Set([...Object.keys(of(kept)), ...Object.keys(of(printed))])].filter(
      (type) => !isDeepStrictEqual(of(kept)[type], of(printed)[type]),
    );
  });
  const provider = isDeepStrictEqual(kept.schema.provider, printed.schema.provider)
    ? []
    : ["the provider block"];
  return [...provider, ...differing].map((what) => `${printed.source}: ${what} is kept otherwise: ${again}`);
};
