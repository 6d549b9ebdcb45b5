/** A grid of which only what can be seen is drawn, so that a thousand apps scroll and filter at once. */
import { byId, element } from "./dom.js";

const ROW = 28;
const COLUMN = 34;
const HEAD = 190;
const NAMES = 250;
/** Rows and columns beyond the edges. */
const SPARE = 3;

const scroller = byId("grid");
const place = (made, { left, top }) => {
  if (left !== undefined) made.style.left = `${left}px`;
  if (top !== undefined) made.style.top = `${top}px`;
  return made;
};

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Draws rows, columns and cells; `select(row, column)` is told of the cell that is clicked or moved to. */
export const gridOf = ({ labelOf, select }) => {
  let shown = { rows: [], columns: [], cells: new Map() };
  let current = [0, 0];

  const windowOf = (offset, size, step, count) => [
    Math.max(0, Math.floor(offset / step) - SPARE),
    Math.min(count, Math.ceil((offset + size) / step) + SPARE),
  ];

  const cell = (row, column) => {
    const [from, to] = [shown.rows[row], shown.columns[column]];
    const flows = shown.cells.get(from)?.get(to) ?? [];
    const state = flows.length === 0 ? "closed" : flows.every(({ unknown }) => unknown) ? "unknown" : "open";
    const text =
      state === "closed" ? "·" : state === "unknown" ? "?" : flows.length === 1 ? "●" : `${flows.length}`;
    const isCurrent = row === current[0] && column === current[1];
    return place(
      element(
        "div",
        {
          role: "gridcell",
          class: `cell ${state}`,
          "data-row": row,
          "data-column": column,
          "aria-colindex": column + 2,
          "aria-label": labelOf(from, to, flows),
          "aria-selected": isCurrent,
          tabindex: isCurrent ? 0 : -1,
        },
        text,
      ),
      { left: NAMES + column * COLUMN },
    );
  };

  const draw = () => {
    const { rows, columns } = shown;
    const [firstRow, lastRow] = windowOf(scroller.scrollTop, scroller.clientHeight, ROW, rows.length);
    const [firstColumn, lastColumn] = windowOf(
      scroller.scrollLeft,
      scroller.clientWidth,
      COLUMN,
      columns.length,
    );
    const visible = Array.from(
      { length: Math.max(0, lastColumn - firstColumn) },
      (_, index) => firstColumn + index,
    );
    // The cell that has the focus is always there, so that the keyboard never falls out of the grid.
    const [row, column] = current;
    const drawn = [...new Set([...visible, ...(column < columns.length ? [column] : [])])];
    const drawnRows = new Set(
      Array.from({ length: Math.max(0, lastRow - firstRow) }, (_, index) => firstRow + index),
    );
    if (row < rows.length) drawnRows.add(row);
    const head = element(
      "div",
      { role: "row", class: "head", "aria-rowindex": 1 },
      element("span", { role: "columnheader", class: "corner", "aria-colindex": 1 }, "from ↓  to →"),
      ...drawn.map((index) =>
        place(
          element(
            "span",
            { role: "columnheader", class: "column", "aria-colindex": index + 2, title: columns[index].id },
            columns[index].name,
          ),
          { left: NAMES + index * COLUMN },
        ),
      ),
    );
    const body = [...drawnRows].map((index) =>
      place(
        element(
          "div",
          { role: "row", class: "row", "aria-rowindex": index + 2 },
          element(
            "span",
            { role: "rowheader", class: "name", "aria-colindex": 1, title: rows[index].id },
            rows[index].name,
          ),
          ...drawn.map((to) => cell(index, to)),
        ),
        { top: HEAD + index * ROW },
      ),
    );
    const space = element("div", {
      role: "grid",
      class: "space",
      "aria-label": "Who reaches whom",
      "aria-rowcount": rows.length + 1,
      "aria-colcount": columns.length + 1,
    });
    space.style.width = `${NAMES + columns.length * COLUMN}px`;
    space.style.height = `${HEAD + rows.length * ROW}px`;
    space.append(head, ...body);
    const hadFocus = scroller.contains(document.activeElement);
    scroller.replaceChildren(space);
    if (hadFocus) cellAt(...current)?.focus({ preventScroll: true });
  };

  const cellAt = (row, column) => scroller.querySelector(`.cell[data-row="${row}"][data-column="${column}"]`);

  /** Scrolls so far that a cell is not under the heads or outside. */
  const reveal = (row, column) => {
    const clamp = (offset, start, step, size) => Math.min(start, Math.max(offset, start + step - size));
    scroller.scrollTop = clamp(scroller.scrollTop, row * ROW, ROW, scroller.clientHeight - HEAD);
    scroller.scrollLeft = clamp(scroller.scrollLeft, column * COLUMN, COLUMN, scroller.clientWidth - NAMES);
  };

  const moveTo = (row, column) => {
    current = [row, column];
    reveal(row, column);
    draw();
    cellAt(row, column)?.focus({ preventScroll: true });
    select(shown.rows[row], shown.columns[column]);
  };

  scroller.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  window.addEventListener("resize", draw);
  scroller.addEventListener("click", ({ target }) => {
    const clicked = target.closest?.(".cell");
    if (clicked) moveTo(Number(clicked.dataset.row), Number(clicked.dataset.column));
  });
  scroller.addEventListener("keydown", (event) => {
    if (!event.target.closest?.(".cell")) return;
    const [row, column] = current;
    const [lastRow, lastColumn] = [shown.rows.length - 1, shown.columns.length - 1];
    const step = STEPS[event.key];
    const target = step
      ? [row + step[0], column + step[1]]
      : { Home: [row, 0], End: [row, lastColumn], PageUp: [0, column], PageDown: [lastRow, column] }[
          event.key
        ];
    if (!target || target[0] < 0 || target[1] < 0 || target[0] > lastRow || target[1] > lastColumn) return;
    event.preventDefault();
    moveTo(...target);
  });

  return {
    /** Shows a selection; the cell of `from` and `to`, when it is there, keeps its place in the order of focus. */
    show: (selection, from, to) => {
      shown = selection;
      current = [Math.max(0, shown.rows.indexOf(from)), Math.max(0, shown.columns.indexOf(to))];
      if (from && to) reveal(...current);
      draw();
    },
  };
};
