/**
 * The faults that `npm run homelab -- e2e --break NAME` injects, so that one sees the check that guards against each
 * fail.
 */
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import type { CustomResourceDefinition } from "./definition.ts";
import type { SwitchName } from "./switches.ts";

interface Fault {
  readonly breaks: string;
  readonly switches?: readonly SwitchName[];
  definitions?(definitions: readonly CustomResourceDefinition[]): CustomResourceDefinition[];
  /** Changes the stacks above the deployed ones. */
  upstream?(stacks: readonly NamedStack[]): NamedStack[];
}

/** Schemas without a field of this name, wherever it stands. */
const withoutField = (value: unknown, field: string): unknown => {
  if (Array.isArray(value)) return value.map((each) => withoutField(each, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) =>
      key === field ? [] : [[key, withoutField(child, field)]],
    ),
  );
};

export const faults: Readonly<Record<string, Fault>> = {
  "definition-field": {
    breaks: "the definitions have no field toPorts",
    switches: ["hurried"],
    definitions: (definitions) =>
      definitions.map((each) => withoutField(each, "toPorts") as CustomResourceDefinition),
  },
  "cross-stack-reference": {
    breaks: "the cluster stack calls its outputs otherwise",
    upstream: (stacks) =>
      stacks.map(({ name, json }) => ({
        name,
        json: {
          ...json,
          output: Object.fromEntries(
            Object.entries(json.output ?? {}).map(([key, value]) => [`${key}_renamed`, value]),
          ),
        },
      })),
  },
  lock: { breaks: "states are not locked", switches: ["without-lock"] },
  "force-conflicts": { breaks: "policies do not take fields back", switches: ["without-force", "hurried"] },
  protection: { breaks: "nothing has prevent_destroy", switches: ["without-protection"] },
};
