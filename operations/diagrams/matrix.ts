/** Machines as rows, networks as columns: a card per row, a rail per column, a box where both meet. */
import type { DiagramBlock } from "./block.ts";
import { shape } from "./svg.ts";

const COLUMN_GAP = 40;
const ROW_GAP = 14;

export interface MatrixRow {
  /** The block at the left of the row. */
  readonly lead: DiagramBlock;
  /** True when a line joins the lead to the row's cells. */
  readonly joined: boolean;
  /** One for each column; undefined where row and column do not meet. */
  readonly cells: readonly (DiagramBlock | undefined)[];
}

export interface MatrixProps {
  readonly leadWidth: number;
  readonly cellWidth: number;
  readonly rows: readonly MatrixRow[];
  /** Classes of each column's rail. */
  readonly rails: readonly string[];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Matrix extends DiagramBlock {
  /** The position of the cell of a row and a column, from the matrix' upper left corner. */
  place(row: number, column: number): Place;
}

/** A rail runs from its column's first cell to its last one, behind both. */
export const matrix = ({ leadWidth, cellWidth, rows, rails }: MatrixProps): Matrix => {
  const heights = rows.map(({ lead, cells }) =>
    Math.max(lead.height, ...cells.map((cell) => cell?.height ?? 0)),
  );
  const tops = heights.map((_, index) =>
    heights.slice(0, index).reduce((top, height) => top + height + ROW_GAP, 0),
  );
  const left = (column: number) => leadWidth + COLUMN_GAP + column * (cellWidth + COLUMN_GAP);
  const middle = (row: number) => (tops[row] ?? 0) + (heights[row] ?? 0) / 2;

  const place = (row: number, column: number): Place => {
    const height = rows[row]?.cells[column]?.height ?? 0;
    return { x: left(column), y: middle(row) - height / 2, width: cellWidth, height };
  };

  const drawRails = (x: number, y: number): string[] =>
    rails.flatMap((kind, column) => {
      const met = rows.flatMap(({ cells }, row) => (cells[column] ? [row] : []));
      const [first, last] = [met.at(0), met.at(-1)];
      if (first === undefined || last === undefined || first === last) return [];
      const center = x + left(column) + cellWidth / 2;
      const path = `M${center} ${y + middle(first)}V${y + middle(last)}`;
      return [shape("path", { class: `line rail ${kind}`, d: path })];
    });

  const drawTrunks = (x: number, y: number): string[] =>
    rows.flatMap(({ joined, cells }, row) => {
      const last = cells.findLastIndex((cell) => cell !== undefined);
      if (!joined || last < 0) return [];
      return [
        shape("path", { class: "line", d: `M${x + leadWidth} ${y + middle(row)}H${x + left(last) + 1}` }),
      ];
    });

  return {
    width: leadWidth + rails.length * (COLUMN_GAP + cellWidth),
    height: (tops.at(-1) ?? 0) + (heights.at(-1) ?? 0),
    place,
    draw: (x, y) => [
      ...drawTrunks(x, y),
      ...drawRails(x, y),
      ...rows.flatMap(({ lead, cells }, row) => [
        ...lead.draw(x, y + middle(row) - lead.height / 2),
        ...cells.flatMap((cell, column) => {
          const at = place(row, column);
          return cell?.draw(x + at.x, y + at.y) ?? [];
        }),
      ]),
    ],
  };
};
