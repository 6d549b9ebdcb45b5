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
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [HEADER, ...rows]
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

/** Names to the left, numbers to the right. */
const pad = (cell: string, width: number, column: number) =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width);
