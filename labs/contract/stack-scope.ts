/** The names that a stack declares, and the types of what its expressions read. */
import type { Block, TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { typeOf } from "./attribute-types.ts";
import { INSTANCE_KEY, type Traversal } from "./expressions.ts";
import type { AttributeType, BlockSchema, KnownSchema } from "./provider-schema.ts";
import { requiredProviders } from "./required-providers.ts";

/** The result of following a traversal: a type, or why it leads nowhere. */
type Resolved = { readonly type: AttributeType } | { readonly problem: string };

const ANY: Resolved = { type: "dynamic" };
/** Names that stand for values of the module or of the block that reads them. */
const NAMED = new Set(["each", "count", "path", "terraform", "module"]);

/** A block of a type that a provider has. */
export interface Subject {
  readonly kind: "resource" | "data";
  readonly type: string;
  readonly block: Block;
}

/** One stack against the schemas that are known. */
export class StackScope {
  private readonly providers: ReadonlyMap<string, string>;

  constructor(
    readonly stack: TerraformJson,
    private readonly schemas: readonly KnownSchema[],
  ) {
    this.providers = new Map(requiredProviders(stack).map(({ localName, source }) => [localName, source]));
  }

  /** The schema of a provider that the stack requires by this name. */
  providerSchema(localName: string): KnownSchema | undefined {
    const source = this.providers.get(localName);
    return this.schemas.find((known) => known.source === source);
  }

  /** The name by which a block's provider is required: what it says, otherwise the first word of its type. */
  providerOf({ type, block }: Subject): string {
    const said = typeof block.provider === "string" ? block.provider : type;
    return said.split(block.provider === undefined ? "_" : ".")[0] ?? said;
  }

  requires(localName: string): boolean {
    return this.providers.has(localName);
  }

  /** The schema of a block; undefined when its type is unknown. */
  blockSchema(subject: Subject): BlockSchema | undefined {
    const schema = this.providerSchema(this.providerOf(subject))?.schema;
    const types = subject.kind === "resource" ? schema?.resource_schemas : schema?.data_source_schemas;
    return types?.[subject.type]?.block;
  }

  /** Follows a traversal; `self` is the block that a condition of its own speaks of. */
  resolve({ root, steps, text }: Traversal, self?: BlockSchema): Resolved {
    if (NAMED.has(root)) return ANY;
    if (root === "self") return self ? follow(self, steps, text) : ANY;
    const [name = "", ...rest] = steps;
    if (root === "var")
      return this.stack.variable?.[name] ? ANY : { problem: `reads ${text}: no such variable` };
    if (root === "local") {
      const locals = (this.stack as { readonly locals?: Block }).locals;
      return locals && name in locals ? ANY : { problem: `reads ${text}: no such local value` };
    }
    return root === "data"
      ? this.resolveBlock("data", name, rest, text)
      : this.resolveBlock("resource", root, steps, text);
  }

  private resolveBlock(
    kind: "resource" | "data",
    type: string,
    [id = "", ...rest]: readonly string[],
    text: string,
  ): Resolved {
    const block = this.stack[kind]?.[type]?.[id];
    if (!block)
      return { problem: `reads ${text}: the stack has no ${kind === "data" ? "data." : ""}${type}.${id}` };
    const schema = this.blockSchema({ kind, type, block });
    if (!schema) return ANY;
    // One instance of several.
    const repeated = "count" in block || "for_each" in block;
    return follow(schema, repeated ? rest.slice(1) : rest, text);
  }
}

/** The type at the end of some steps into a block. */
const follow = (schema: BlockSchema, steps: readonly string[], text: string): Resolved => {
  const [name, ...rest] = steps;
  if (name === undefined) return ANY;
  const attribute = schema.attributes?.[name];
  if (attribute) return followType(typeOf(attribute), rest, text);
  const nested = schema.block_types?.[name];
  if (!nested) return { problem: `reads ${text}: no attribute ${name}` };
  if (nested.nesting_mode === "single" || nested.nesting_mode === "group")
    return follow(nested.block, rest, text);
  if (rest.length > 0 && rest[0] !== INSTANCE_KEY && nested.nesting_mode !== "map")
    return { problem: `reads ${text}: ${name} is a ${nested.nesting_mode} of blocks and needs an index` };
  return follow(nested.block, rest.slice(1), text);
};

const followType = (type: AttributeType, steps: readonly string[], text: string): Resolved => {
  const [name, ...rest] = steps;
  if (name === undefined || type === "dynamic") return { type };
  if (typeof type === "string") return { problem: `reads ${text}: ${name} of a ${type}` };
  const [kind, inner] = type;
  if (kind === "object") {
    const part = inner[name];
    if (part) return followType(part, rest, text);
    return { problem: `reads ${text}: an object of ${Object.keys(inner).join(", ")} has no ${name}` };
  }
  if (kind === "tuple") return { type: "dynamic" };
  if (kind === "map") return followType(inner, rest, text);
  if (name !== INSTANCE_KEY) return { problem: `reads ${text}: a ${kind} needs an index before ${name}` };
  return followType(inner, rest, text);
};
