import type { Environment } from "../../environments/schema.ts";
import { type Fields, fieldsOf, isFields } from "../../lib/core/fields.ts";
import { unescaped } from "../../lib/core/kubernetes/manifest-text.ts";
import { type AddressedBlock, managedResources } from "../../lib/core/synthesis/terraform-json.ts";
import type { StackJson } from "../cli/last-synthesis.ts";
import type { Evidence } from "./rule.ts";

type Resources = NonNullable<Evidence["otherResources"]>;

const known = new Map<string, ReadonlyMap<string, Resources>>();

/** The resources of an environment's other stacks, as this revision synthesizes them: once for all of its plans. */
export const otherResources = (
  environment: Environment,
  stack: string,
  stacksOf: (environment: Environment) => readonly StackJson[],
): Resources => {
  const { name } = environment;
  const stacks = known.get(name) ?? resourcesByStack(stacksOf(environment));
  known.set(name, stacks);
  return [...stacks].filter(([other]) => other !== stack).flatMap(([, resources]) => resources);
};

const resourcesByStack = (stacks: readonly StackJson[]): ReadonlyMap<string, Resources> =>
  new Map(
    stacks.map(({ name, json }) => {
      const resources = managedResources(json);
      const names = new Map(resources.map(({ address, block }) => [address, nameIn(block)]));
      return [
        name,
        resources.map(({ address, type, block }) => ({
          address,
          type,
          values: fieldsOf(resolved(block, names)),
        })),
      ];
    }),
  );

const nameIn = ({ metadata }: AddressedBlock["block"]): string => String(fieldsOf(metadata).name);

const REFERENCE = /^\$\{(\w+\.[\w-]+)\.metadata\[0\]\.name\}$/;

/** References to names in place, and escapes undone: what a plan would show. */
const resolved = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (typeof value === "string")
    return unescaped(value.replace(REFERENCE, (whole, address: string) => names.get(address) ?? whole));
  if (Array.isArray(value)) return value.map((each) => resolved(each, names));
  return isFields(value) ? resolvedFields(value, names) : value;
};

const resolvedFields = (value: Fields, names: ReadonlyMap<string, string>): Fields =>
  Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, names)]));
