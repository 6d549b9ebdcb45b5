import { tableLines } from "../../lib/core/text-table.ts";

/** One measured quantity. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /** Unit of the value, e.g. `×` or `s` of processor time; empty for an exponent. */
  readonly unit: "×" | "s" | "MiB" | "";
  /**
   * The value must not be above it.
   * @default - none: the row is there to be read
   */
  readonly atMost?: number;
  /** The value must not be below it. @default - none */
  readonly atLeast?: number;
  /** The run that it was compared with. @default - nothing */
  readonly against?: string;
}

export const isMissed = ({ value, atMost, atLeast }: Measurement): boolean =>
  (atMost !== undefined && !(value <= atMost)) || (atLeast !== undefined && !(value >= atLeast));

const HEADER = ["", "measured", "target", "", "compared with"];

/** The rows as a table, with the target of each, whether it is met, and what it was compared with. */
export const measurementTable = (rows: readonly Measurement[]): string =>
  tableLines([HEADER, ...rows.map(cellsOf)], [1, 2]).join("\n");

/** The rows that have a target, as a table of Markdown. */
export const markdown = (rows: readonly Measurement[]): string =>
  [HEADER, HEADER.map(() => "---"), ...rows.filter(hasTarget).map(cellsOf)]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** The measurements that have a target, in a sentence: those that meet it, and those that miss it; no exponents. */
export const quoted = (rows: readonly Measurement[]): string => {
  const list = (some: readonly Measurement[]) =>
    some
      .map(cellsOf)
      .map(([name, measured, target]) => `${name} ${measured} (${target})`)
      .join(", ");
  const judged = rows.filter((row) => hasTarget(row) && row.unit !== "");
  const [met, missed] = [judged.filter((row) => !isMissed(row)), judged.filter(isMissed)];
  return `met: ${list(met) || "none"}; missed: ${list(missed) || "none"}`;
};

const hasTarget = ({ atMost, atLeast }: Measurement): boolean =>
  atMost !== undefined || atLeast !== undefined;

const cellsOf = (row: Measurement): string[] => [
  row.name,
  amount(row.value, row.unit),
  row.atMost !== undefined
    ? `≤ ${amount(row.atMost, row.unit)}`
    : row.atLeast !== undefined
      ? `≥ ${amount(row.atLeast, row.unit)}`
      : "",
  hasTarget(row) ? (isMissed(row) ? "missed" : "met") : "",
  row.against ?? "",
];

const amount = (value: number, unit: Measurement["unit"]): string =>
  `${value.toFixed(unit === "s" ? 3 : 2)}${unit === "×" ? "×" : unit && ` ${unit}`}`;
