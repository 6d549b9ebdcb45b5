/** Tables as Go's `text/tabwriter` aligns them, which `talosctl` prints. */

/**
 * The rows of a table, by column. A cell may be empty or hold single spaces, so cells are cut where the header's
 * columns start.
 *
 * Refused: a header that is not exactly `columns`, or a row that runs over a column's start.
 */
export const parseTable = <Column extends string>(
  text: string,
  columns: readonly Column[],
): Record<Column, string>[] => {
  const [header, ...lines] = text.split("\n").filter((line) => line.trim() !== "");
  const found = (header ?? "").trim().split(/ {3,}/);
  if (found.join("|") !== columns.join("|")) {
    throw new Error(`must be a table of ${columns.join(", ")}: got ${JSON.stringify(header ?? "")}`);
  }
  const starts = columnStarts(header ?? "", columns);
  return lines.map((line) => {
    const cells = columns.map((column, index) => {
      const start = starts[index] ?? 0;
      const end = starts[index + 1];
      if (start > 0 && line.length > start && line[start - 1] !== " ") {
        throw new Error(`must keep to its columns: got ${JSON.stringify(line)}`);
      }
      return [column, line.slice(start, end).trim()] as const;
    });
    return Object.fromEntries(cells) as Record<Column, string>;
  });
};

/** Names follow each other, so that `RAFT INDEX` is not found in `RAFT APPLIED INDEX`. */
const columnStarts = (header: string, columns: readonly string[]): number[] => {
  let from = 0;
  return columns.map((column) => {
    const start = header.indexOf(column, from);
    from = start + column.length;
    return start;
  });
};
