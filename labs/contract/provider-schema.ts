/** The schema of a provider, as `terraform providers schema -json` prints it. */

/** `"string"`, `["list", "string"]`, `["object", { "a": "bool" }]`, … */
export type AttributeType =
  | string
  | readonly ["list" | "set" | "map", AttributeType]
  | readonly ["object", Readonly<Record<string, AttributeType>>, (readonly string[])?]
  | readonly ["tuple", readonly AttributeType[]];

type NestingMode = "single" | "group" | "list" | "set" | "map";

export interface AttributeSchema {
  readonly type?: AttributeType;
  /** The parts of an attribute that have rules of their own; stands in place of `type`. */
  readonly nested_type?: {
    readonly attributes: Readonly<Record<string, AttributeSchema>>;
    readonly nesting_mode: NestingMode;
  };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, NestedBlockSchema>>;
}

export interface NestedBlockSchema {
  readonly nesting_mode: NestingMode;
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

interface Versioned {
  readonly block: BlockSchema;
}

export interface ProviderSchema {
  readonly provider?: Versioned;
  readonly resource_schemas?: Readonly<Record<string, Versioned>>;
  readonly data_source_schemas?: Readonly<Record<string, Versioned>>;
}

/** A schema, and whose it is. */
export interface KnownSchema {
  /** Short address of the provider, e.g. `hashicorp/helm`. */
  readonly source: string;
  /** Version of the provider that printed it. */
  readonly version: string;
  /** False for a part that is kept as a file: a type that it lacks may exist all the same. */
  readonly complete: boolean;
  readonly schema: ProviderSchema;
}

/** Types of a provider that a reduced schema keeps. */
export interface SchemaTypes {
  readonly resource: readonly string[];
  readonly data: readonly string[];
}

/** Keeps the parts of a schema that the checks read, for these types alone: descriptions and the like are left out. */
export const reducedSchema = (schema: ProviderSchema, types: SchemaTypes): ProviderSchema => ({
  provider: { block: reducedBlock(schema.provider?.block ?? {}) },
  resource_schemas: chosen(schema.resource_schemas, types.resource),
  data_source_schemas: chosen(schema.data_source_schemas, types.data),
});

const chosen = (schemas: Readonly<Record<string, Versioned>> = {}, types: readonly string[]) =>
  Object.fromEntries(
    [...new Set(types)].sort().flatMap((type) => {
      const found = schemas[type];
      return found ? [[type, { block: reducedBlock(found.block) }]] : [];
    }),
  );

const mapped = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const reducedBlock = ({ attributes, block_types }: BlockSchema): BlockSchema => ({
  ...(attributes && { attributes: mapped(attributes, reducedAttribute) }),
  ...(block_types && {
    block_types: mapped(block_types, ({ nesting_mode, block, min_items, max_items }) => ({
      nesting_mode,
      block: reducedBlock(block),
      ...(min_items && { min_items }),
      ...(max_items && { max_items }),
    })),
  }),
});

const reducedAttribute = ({
  type,
  nested_type,
  required,
  optional,
  computed,
}: AttributeSchema): AttributeSchema => ({
  ...(type && { type }),
  ...(nested_type && {
    nested_type: {
      attributes: mapped(nested_type.attributes, reducedAttribute),
      nesting_mode: nested_type.nesting_mode,
    },
  }),
  ...(required && { required }),
  ...(optional && { optional }),
  ...(computed && { computed }),
});
