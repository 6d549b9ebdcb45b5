import { tableLines } from "../text-table.ts";
import type { SynthesizedStack } from "./synthesize.ts";

const HEADER = ["stack", "resources", "checks passed", "unknowns"];

/**
 * The table that closes a synthesis: one row a stack. `unknowns` counts the assumptions that the stack's values
 * rest on, by the name of the stack.
 */
export const summary = (
  stacks: readonly SynthesizedStack[],
  unknowns: ReadonlyMap<string, number>,
): string => {
  const rows = stacks.map(({ name, resources, checks }) =>
    [name, resources, checks, unknowns.get(name) ?? 0].map(String),
  );
  return tableLines([HEADER, ...rows], [1, 2, 3]).join("\n");
};
