/** Layers as rows, what crosses them as lanes: from a label beside its source down to each that takes it. */
import type { Block } from "./block.ts";
import { shape } from "./svg.ts";
import type { Accent } from "./theme.ts";

const COLUMN_GAP = 36;
const ROW_GAP = 34;
const LABEL_GAP = 10;
/** Between the arrows that reach one row. */
const ENTRY_STEP = 20;
const ENTRY_OFFSET = 18;
const ARROW = 7;

export interface Lane {
  readonly label: Block;
  readonly color: Accent;
  readonly dashed: boolean;
  /** Index of the row that it leaves. */
  readonly from: number;
  /** Indexes of the rows that it reaches. */
  readonly to: readonly number[];
}

export interface LanesProps {
  /** Each row's box, at least as high as asked. */
  readonly rows: readonly ((minHeight: number) => Block)[];
  readonly rowWidth: number;
  readonly labelWidth: number;
  readonly lanes: readonly Lane[];
}

/** Indexes of columns: a lane shares the column of one that ends in the row where it begins, or above. */
const columnsOf = (all: readonly Lane[]): number[] => {
  const lastRows: number[] = [];
  return all.map(({ from, to }) => {
    const free = lastRows.findIndex((last) => last <= from);
    const column = free < 0 ? lastRows.length : free;
    lastRows[column] = Math.max(...to);
    return column;
  });
};

/**
 * Lanes lead down. Each of their ends has a height of its own, above the labels of the row: so lines cross at
 * right angles only, and never a label.
 */
export const lanes = ({ rows, rowWidth, labelWidth, lanes: all }: LanesProps): Block => {
  const arriving = rows.map((_, row) => all.filter(({ to }) => to.includes(row)));
  const leaving = rows.map((_, row) => all.filter(({ from }) => from === row));
  const entriesHeight = (row: number) => {
    const count = arriving[row]?.length ?? 0;
    return count === 0 ? 0 : ENTRY_OFFSET + count * ENTRY_STEP;
  };
  const boxes = rows.map((rowBox, row) =>
    rowBox(
      (leaving[row] ?? []).reduce(
        (height, { label }) => height + label.height + LABEL_GAP,
        entriesHeight(row),
      ),
    ),
  );
  const tops = boxes.map((_, row) =>
    boxes.slice(0, row).reduce((top, { height }) => top + height + ROW_GAP, 0),
  );
  const columns = columnsOf(all);
  const left = (lane: Lane) =>
    rowWidth + COLUMN_GAP + (columns[all.indexOf(lane)] ?? 0) * (labelWidth + COLUMN_GAP);
  const entry = (lane: Lane, row: number) =>
    (tops[row] ?? 0) + ENTRY_OFFSET + (arriving[row]?.indexOf(lane) ?? 0) * ENTRY_STEP;
  const labelTop = (lane: Lane) => {
    const before = (leaving[lane.from] ?? []).slice(0, leaving[lane.from]?.indexOf(lane));
    return before.reduce(
      (top, { label }) => top + label.height + LABEL_GAP,
      (tops[lane.from] ?? 0) + entriesHeight(lane.from),
    );
  };

  const drawLane = (lane: Lane, x: number, y: number): string[] => {
    const kind = lane.dashed ? `line dashed ${lane.color}` : `line ${lane.color}`;
    const labelX = x + left(lane);
    const labelY = y + labelTop(lane);
    const center = labelX + labelWidth / 2;
    const edge = x + rowWidth;
    const ends = lane.to.map((row) => y + entry(lane, row));
    return [
      shape("path", { class: kind, d: `M${edge} ${labelY + 16}H${labelX}` }),
      ...ends.flatMap((end) => [
        shape("path", { class: kind, d: `M${center} ${labelY + lane.label.height}V${end}H${edge + ARROW}` }),
        shape("path", {
          class: `solid ${lane.color}`,
          d: `M${edge} ${end}l${ARROW + 3} -${ARROW - 2}v${2 * (ARROW - 2)}z`,
        }),
      ]),
      ...lane.label.draw(labelX, labelY),
    ];
  };

  return {
    width: rowWidth + Math.max(0, ...columns.map((column) => column + 1)) * (COLUMN_GAP + labelWidth),
    height: (tops.at(-1) ?? 0) + (boxes.at(-1)?.height ?? 0),
    draw: (x, y) => [
      ...boxes.flatMap((block, row) => block.draw(x, y + (tops[row] ?? 0))),
      ...all.flatMap((lane) => drawLane(lane, x, y)),
    ],
  };
};
