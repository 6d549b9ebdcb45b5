/** Checks stacks against the schemas of their providers: everything that they write and read must be in them. */
import { closest } from "fastest-levenshtein";
import type { Block, TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { converts, literalProblems, typeName, typeOf } from "./attribute-types.ts";
import { readTemplate, type Traversal, traversals, wholeTraversal } from "./expressions.ts";
import type { AttributeType, BlockSchema, KnownSchema, NestedBlockSchema } from "./provider-schema.ts";
import { type RequiredProvider, requiredProviders } from "./required-providers.ts";
import { StackScope, type Subject } from "./stack-scope.ts";

/** Arguments that Terraform itself reads, whatever the provider. */
const META: Readonly<Record<"resource" | "data" | "provider", readonly string[]>> = {
  resource: ["count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner"],
  data: ["count", "for_each", "provider", "depends_on", "lifecycle"],
  provider: ["alias", "version"],
};
/** Data that Terraform has by itself. */
const BUILT_IN = "terraform";

export interface SchemaVerdict {
  /** A line for each violation, with its address. */
  readonly problems: readonly string[];
  /** A line for each thing that no schema at hand speaks of. */
  readonly unjudged: readonly string[];
  /** A line for each provider that is judged by the schema of another version than the pinned one. */
  readonly otherVersions: readonly string[];
  /** Blocks that were judged. */
  readonly judged: number;
}

/**
 * Judges every provider, resource and data block of a stack: arguments exist, their values have the type, required
 * ones are there, what only the provider sets is not set, blocks are blocks and as many as may be; and every
 * expression, in outputs too, reads something that there is.
 */
export const judgeStack = (stack: TerraformJson, schemas: readonly KnownSchema[]): SchemaVerdict => {
  const scope = new StackScope(stack, schemas);
  const problems: string[] = [];
  const unjudged: string[] = withoutSchema(scope, stack);
  let judged = 0;
  for (const [name, configurations] of Object.entries(stack.provider ?? {})) {
    const schema = scope.providerSchema(name)?.schema.provider?.block;
    for (const block of configurations) {
      problems.push(...references(scope, block, `provider.${name}`));
      if (!schema) continue;
      problems.push(...blockProblems(scope, block, schema, `provider.${name}`, META.provider));
      judged++;
    }
  }
  for (const { subject, address } of subjects(stack)) {
    const schema = scope.blockSchema(subject);
    problems.push(...references(scope, subject.block, address, schema));
    if (subject.type.startsWith(`${BUILT_IN}_`)) continue;
    const without = schema ? undefined : missing(scope, subject, address);
    if (without?.problem) problems.push(without.problem);
    else if (without?.note) unjudged.push(without.note);
    if (!schema) continue;
    problems.push(...blockProblems(scope, subject.block, schema, address, META[subject.kind]));
    problems.push(...lifecycleProblems(subject.block, schema, address));
    judged++;
  }
  problems.push(...references(scope, stack.output ?? {}, "output"));
  return {
    problems,
    unjudged: [...new Set(unjudged)],
    otherVersions: requiredProviders(stack).flatMap((required) => otherVersion(scope, required)),
    judged,
  };
};

const subjects = (stack: TerraformJson): { subject: Subject; address: string }[] =>
  (["resource", "data"] as const).flatMap((kind) =>
    Object.entries(stack[kind] ?? {}).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, block]) => ({
        subject: { kind, type, block },
        address: `${kind === "data" ? "data." : ""}${type}.${id}`,
      })),
    ),
  );

const withoutSchema = (scope: StackScope, stack: TerraformJson): string[] =>
  requiredProviders(stack)
    .filter(({ localName }) => !scope.providerSchema(localName))
    .map(({ source, version }) => `${source} ${version}: no schema at hand`);

const otherVersion = (scope: StackScope, { localName, source, version }: RequiredProvider): string[] => {
  const known = scope.providerSchema(localName);
  return known && known.version !== version
    ? [`${source} is pinned at ${version}, and judged by the schema of ${known.version}`]
    : [];
};

const missing = (
  scope: StackScope,
  subject: Subject,
  address: string,
): { problem?: string; note?: string } => {
  const name = scope.providerOf(subject);
  if (!scope.requires(name))
    return { problem: `${address}: needs a provider: the stack requires no ${name}` };
  const known = scope.providerSchema(name);
  // A provider without a schema is reported once, elsewhere.
  if (!known) return {};
  const what = `${subject.kind === "data" ? "data source" : "resource"} ${subject.type}`;
  return known.complete
    ? { problem: `${address}: ${known.source} ${known.version} has no ${what}` }
    : { note: `${what}: not in the schema at hand of ${known.source} ${known.version}` };
};

/** Lists the problems of the arguments of a block, and of the blocks in it. */
const blockProblems = (
  scope: StackScope,
  block: Block,
  { attributes = {}, block_types: blocks = {} }: BlockSchema,
  path: string,
  meta: readonly string[],
): string[] => {
  const { "//": _, dynamic: _dynamic, ...given } = block;
  const dynamic = (block.dynamic ?? {}) as Record<string, Block>;
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    const attribute = attributes[name];
    const nested = blocks[name];
    if (nested) return nestedProblems(scope, value, nested, at);
    if (attribute) {
      if (value === null || value === undefined) return [];
      if (!attribute.required && !attribute.optional)
        return [`${at}: must not be set, the provider sets it: got ${JSON.stringify(value)}`];
      return literalProblems(value, typeOf(attribute), at, (text, type, place) =>
        fits(scope, text, type, place),
      );
    }
    if (meta.includes(name)) return [];
    return [`${at}: no such argument${nearest(name, [...Object.keys(attributes), ...Object.keys(blocks)])}`];
  });
  const dynamics = Object.entries(dynamic).flatMap(([name, value]) => {
    const nested = blocks[name];
    const content = value.content as Block | undefined;
    if (!nested) return [`${path}.dynamic.${name}: no such block${nearest(name, Object.keys(blocks))}`];
    return content ? blockProblems(scope, content, nested.block, `${path}.dynamic.${name}.content`, []) : [];
  });
  const required = [
    ...Object.keys(attributes).filter((name) => attributes[name]?.required),
    ...Object.keys(blocks).filter((name) => (blocks[name]?.min_items ?? 0) > 0 && !(name in (dynamic ?? {}))),
  ]
    .filter((name) => given[name] === undefined || given[name] === null)
    .map((name) => `${path}.${name}: is required: got nothing`);
  return [...problems, ...dynamics, ...required];
};

const nearest = (name: string, known: readonly string[]): string =>
  known.length > 0 ? `; the nearest is ${closest(name, known)}` : "";

const nestedProblems = (
  scope: StackScope,
  value: unknown,
  { nesting_mode: mode, block, min_items: least = 0, max_items: most }: NestedBlockSchema,
  path: string,
): string[] => {
  if (value === null || value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  if (!items.every((item) => item !== null && typeof item === "object"))
    return [`${path}: is a block, must be an object or a list of objects: got ${JSON.stringify(value)}`];
  if (mode === "map")
    return items.flatMap((labelled) =>
      Object.entries(labelled as Record<string, Block>).flatMap(([label, item]) =>
        blockProblems(scope, item, block, `${path}.${label}`, []),
      ),
    );
  const limit = mode === "single" || mode === "group" ? 1 : (most ?? Number.POSITIVE_INFINITY);
  return [
    ...(items.length > limit ? [`${path}: must be at most ${limit}: got ${items.length}`] : []),
    ...(items.length < least ? [`${path}: must be at least ${least}: got ${items.length}`] : []),
    ...items.flatMap((item, index) =>
      blockProblems(scope, item as Block, block, items.length > 1 ? `${path}[${index}]` : path, []),
    ),
  ];
};

/** Judges a string that holds expressions; undefined leaves a plain one to the rules for literals. */
const fits = (scope: StackScope, text: string, type: AttributeType, path: string): string[] | undefined => {
  const template = readTemplate(text);
  if (!template) return undefined;
  if (template.whole === undefined)
    return typeof type === "string" ? [] : [`${path}: must be ${typeName(type)}: got the text ${text}`];
  // It does not change the type.
  const bare = /^sensitive\((.*)\)$/s.exec(template.whole)?.[1] ?? template.whole;
  const traversal = wholeTraversal(bare);
  const resolved = traversal && scope.resolve(traversal);
  if (!resolved || "problem" in resolved || converts(resolved.type, type)) return [];
  return [`${path}: must be ${typeName(type)}: got ${bare}, ${typeName(resolved.type)}`];
};

/**
 * Finds references to names that do not exist, in expressions anywhere in a value; `bound` are the names of the
 * dynamic blocks around it.
 */
const references = (
  scope: StackScope,
  value: unknown,
  path: string,
  self?: BlockSchema,
  bound: readonly string[] = [],
): string[] => {
  if (typeof value === "string") {
    const read = (readTemplate(value)?.expressions ?? []).flatMap(traversals);
    return read
      .filter(({ root }) => !bound.includes(root))
      .flatMap((each) => unresolved(scope, each, path, self));
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => references(scope, item, `${path}[${index}]`, self, bound));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, item]) => {
    if (name === "//") return [];
    if (name === "depends_on" && Array.isArray(item))
      return item
        .flatMap((address) => traversals(String(address)))
        .flatMap((each) => unresolved(scope, each, `${path}.depends_on`));
    const names = name === "dynamic" ? [...bound, ...Object.keys(item ?? {})] : bound;
    return references(scope, item, `${path}.${name}`, self, names);
  });
};

const unresolved = (scope: StackScope, read: Traversal, path: string, self?: BlockSchema): string[] => {
  const resolved = scope.resolve(read, self);
  return "problem" in resolved ? [`${path}: ${resolved.problem}`] : [];
};

/** `ignore_changes` names attributes. */
const lifecycleProblems = (block: Block, schema: BlockSchema, address: string): string[] => {
  const { ignore_changes: ignored } = (block.lifecycle ?? {}) as { ignore_changes?: unknown };
  if (!Array.isArray(ignored)) return [];
  return ignored
    .map((each) => String(each))
    .filter((each) => {
      const [name = ""] = each.split(/[.[]/);
      return !schema.attributes?.[name] && !schema.block_types?.[name];
    })
    .map((each) => `${address}.lifecycle.ignore_changes: no such attribute: got ${each}`);
};
