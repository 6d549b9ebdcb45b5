/** Plans of the homelab's own stacks, in the shape in which Terraform and the pinned providers write them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fields, fieldsOf, isFields } from "../../../lib/core/fields.ts";
import { overlay } from "../../../lib/core/helm/values.ts";
import { managedResources } from "../../../lib/core/synthesis/terraform-json.ts";
import type { GuardOptions } from "../../../operations/guard/guard.ts";
import { homelab, stackOf } from "../../stacks/homelab.ts";
import { type ChangeInput, machine, planOf } from "./plans.ts";

type Values = Record<string, unknown>;

interface Block {
  readonly nesting_mode?: string;
  readonly block: { readonly block_types?: Readonly<Record<string, Block>> };
}

const SCHEMAS = join(import.meta.dirname, "../../fixtures/provider-schemas");

const schemas = new Map<string, Block>(
  readdirSync(SCHEMAS).flatMap((file) =>
    Object.entries<Block>(
      JSON.parse(readFileSync(join(SCHEMAS, file), "utf8")).schema.resource_schemas ?? {},
    ),
  ),
);

/** Blocks as lists, as a state holds them. */
const shaped = (value: unknown, schema: Block | undefined): unknown => {
  if (!isFields(value) || !schema) return value;
  const types = schema.block.block_types ?? {};
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const nested = types[name];
      if (!nested) return [name, each];
      const list = (Array.isArray(each) ? each : [each]).map((one) => shaped(one, nested));
      return [name, nested.nesting_mode === "single" ? list[0] : list];
    }),
  );
};

const known = new Map<string, ReadonlyMap<string, Values>>();

/** Values of every resource of a stack, by address; what only an apply tells has a value that says so. */
export const resourcesOf = (stack: string): ReadonlyMap<string, Values> => {
  const found = known.get(stack) ?? readResources(stack);
  known.set(stack, found);
  return found;
};

const readResources = (stack: string): ReadonlyMap<string, Values> => {
  const all = managedResources(stackOf(homelab(), stack));
  const names = new Map(all.map(({ address, block }) => [address, fieldsOf(block.metadata).name]));
  const written = (text: string) =>
    text
      .replace(/^\$\{(\w+\.[\w-]+)\.metadata\[0\]\.name\}$/, (_, address: string) => `${names.get(address)}`)
      .replace(/(?<!\$)\$\{[^}]*\}/g, "known-since-the-apply")
      .replaceAll("$${", "${")
      .replaceAll("%%{", "%{");
  const resolved = (value: unknown): unknown => {
    if (typeof value === "string") return written(value);
    if (Array.isArray(value)) return value.map(resolved);
    return isFields(value)
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)]))
      : value;
  };
  return new Map(
    all.map(({ address, type, block }) => {
      const { "//": _, depends_on, lifecycle, provider, ...own } = block as Fields;
      return [address, { ...(shaped(resolved(own), schemas.get(type)) as Values), ...machineOf(address) }];
    }),
  );
};

const OCTETS: Readonly<Record<string, number>> = { daphne: 162, dulce: 163, diva: 164, daisy: 165 };

const machineOf = (address: string): Values => {
  const name = /configuration_apply\.node_(\w+)/.exec(address)?.[1];
  if (name === undefined) return {};
  return machine(OCTETS[name] ?? 190, { type: name === "daisy" ? "worker" : "controlplane" });
};

export type Edit = ((values: Values) => Values) | "delete" | "forget" | "create" | "replace" | "import";

/** The first address of a stack that the pattern finds. */
export const addressOf = (stack: string, pattern: RegExp): string => {
  const found = [...resourcesOf(stack).keys()].find((address) => pattern.test(address));
  if (found === undefined) throw new Error(`${stack}: nothing is called ${pattern}`);
  return found;
};

/** A plan of a whole stack in which nothing changes but what the edits say, each for all addresses that it finds. */
export const stackPlan = (
  stack: string,
  edits: readonly (readonly [RegExp, Edit])[] = [],
  more: readonly ChangeInput[] = [],
  rest: Values = {},
): string => {
  const found = new Set<RegExp>();
  const changes = [...resourcesOf(stack)].map(([address, values]): ChangeInput => {
    const edit = edits.find(([pattern]) => pattern.test(address));
    if (!edit) return { address, actions: ["no-op"], before: values, after: values };
    found.add(edit[0]);
    return edited(address, values, edit[1]);
  });
  for (const [pattern] of edits)
    if (!found.has(pattern)) throw new Error(`${stack}: nothing is called ${pattern}`);
  return planOf([...changes, ...more], rest);
};

const edited = (address: string, values: Values, edit: Edit): ChangeInput => {
  if (typeof edit === "function")
    return { address, actions: ["update"], before: values, after: edit(structuredClone(values)) };
  switch (edit) {
    case "create":
      return { address, actions: ["create"], after: values };
    case "replace":
      return { address, actions: ["delete", "create"], before: values, after: values };
    case "import":
      return { address, actions: ["no-op"], before: values, after: values, importing: true };
    default:
      return { address, actions: [edit], before: values };
  }
};

/** An edit of the object in a manifest. */
export const manifest =
  (change: (object: Values) => Values): Edit =>
  (values) => ({ ...values, yaml_body: JSON.stringify(change(JSON.parse(String(values.yaml_body)))) });

/** An edit that puts a value into the object of a manifest, e.g. at `specs.1.ingress`. */
export const set = (path: string, value: unknown): Edit =>
  manifest((object) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce((inner, step) => inner[step] as Values, object);
    parent[last] = value;
    return object;
  });

/** An edit that lays something over the configuration of a machine. */
export const configuration =
  (over: Values): Edit =>
  (values) => {
    const written = JSON.stringify(overlay<Values>(JSON.parse(String(values.machine_configuration)), over));
    return { ...values, machine_configuration: written, machine_configuration_input: written };
  };

/** An edit of a text in a resource, wherever it stands. */
export const text =
  (from: string | RegExp, to: string): Edit =>
  (values) => {
    const before = JSON.stringify(values);
    const after = before.replaceAll(from, to);
    if (before === after) throw new Error(`nothing to replace: ${from}`);
    return JSON.parse(after);
  };

/** Resources of the other stacks of the environment, as the guard is told of them. */
export const otherStacks = (stack: string): Pick<GuardOptions, "otherResources"> => {
  const [environment] = stack.split("-");
  return {
    otherResources: ["platform", "apps"]
      .map((layer) => `${environment}-${layer}`)
      .filter((name) => name !== stack)
      .flatMap((name) =>
        [...resourcesOf(name)].map(([address, values]) => ({
          address,
          type: `${address.split(".")[0]}`,
          values,
        })),
      ),
  };
};
