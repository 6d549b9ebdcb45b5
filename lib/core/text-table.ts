/** Tables of plain text. */

/**
 * A line for each row, in columns as wide as their widest cell, two spaces apart. Columns are aligned to the left
 * but those that are named in `right`, by index.
 */
export const tableLines = (rows: readonly (readonly string[])[], right: readonly number[] = []): string[] => {
  const widths = rows.reduce<number[]>(
    (all, row) =>
      row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)).concat(all.slice(row.length)),
    [],
  );
  const padded = (cell: string, column: number): string =>
    right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(padded).join("  ").trimEnd());
};
