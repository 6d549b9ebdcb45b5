import { tableLines } from "../../lib/core/text-table.ts";

/** One measured quantity. */
export interface Row {
  readonly name: string;
  readonly value: number;
  /** Unit of the value, e.g. `×` or `s`; empty for an exponent. */
  readonly unit: "×" | "s" | "µs" | "";
  /**
   * The value must not be above it.
   * @default - none: the row is there to be read
   */
  readonly atMost?: number;
}

export const isMissed = ({ value, atMost }: Row): boolean => atMost !== undefined && !(value <= atMost);

/** The rows as a table, with the target of each and whether it is met. */
export const report = (rows: readonly Row[]): string =>
  tableLines([["", "measured", "target", ""], ...rows.map(cellsOf)], [1, 2]).join("\n");

const cellsOf = (row: Row): string[] => [
  row.name,
  amount(row.value, row.unit),
  row.atMost === undefined ? "" : `≤ ${amount(row.atMost, row.unit)}`,
  row.atMost === undefined ? "" : isMissed(row) ? "missed" : "met",
];

const amount = (value: number, unit: Row["unit"]): string =>
  `${value.toFixed(unit === "s" ? 3 : 2)}${unit === "×" ? "×" : unit && ` ${unit}`}`;
