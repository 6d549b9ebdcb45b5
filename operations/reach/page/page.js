/** Draws the matrix from the data that stands in the page. Everything is text: nothing is ever parsed as HTML. */
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

/** Rows or columns that are drawn at once; a filter shows the others. */
const MOST = 150;

const STATES = {
  open: { symbol: "●", text: "open" },
  some: { symbol: "◐", text: "partly open" },
  closed: { symbol: "×", text: "closed" },
  unknown: { symbol: "?", text: "unknown" },
  none: { symbol: "–", text: "no policy decides" },
};

/** Rows of reasons, unpacked when they are first read. */
const unpacked = [];
const rowAt = (index) => {
  unpacked[index] ??= Uint32Array.from(
    (function* () {
      const row = data.rows[index];
      for (let at = 0; at < row.length; at += 2) for (let n = row[at + 1]; n > 0; n--) yield row[at];
    })(),
  );
  return unpacked[index];
};

const sidesOf = (port, from, to) => ({
  egress: data.reasons[rowAt(data.egress[port][from])[to]],
  ingress: data.reasons[rowAt(data.ingress[port][to])[from]],
});

const stateOf = ({ egress: [out], ingress: [into] }) => {
  if (out === "d" || into === "d") return "closed";
  if (out === "u" || into === "u") return "unknown";
  return out === "n" && into === "n" ? "none" : "open";
};

/** Entries of an axis: namespaces, or the pods of one with those that are alike in one entry. */
const namespaces = data.groups.map((name, group) => ({
  name,
  group,
  members: data.identities.filter((identity) => identity[1] === group),
}));

const podsOf = ({ name: namespace, members }) => {
  const short = (id) => (id.startsWith(`${namespace}/`) ? id.slice(namespace.length + 1) : id);
  const alike = new Map();
  for (const member of members) {
    const entry = alike.get(member[2]) ?? { name: short(member[0]), members: [] };
    entry.members.push(member);
    alike.set(member[2], entry);
  }
  return [...alike.values()].map((entry) => ({
    ...entry,
    name: entry.members.length === 1 ? entry.name : `${entry.name} and ${entry.members.length - 1} alike`,
  }));
};

const view = { port: 0, from: undefined, to: undefined };

const matching = (entries, filter) => {
  const wanted = filter.trim().toLowerCase();
  return entries.filter(
    ({ name, members }) =>
      name.toLowerCase().includes(wanted) ||
      members.some((member) => member[0].toLowerCase().includes(wanted)),
  );
};

/** How many pairs of members have which state. */
const tally = (from, to) => {
  const classes = ({ members }) => {
    const counts = new Map();
    for (const member of members) counts.set(member[2], (counts.get(member[2]) ?? 0) + 1);
    return counts;
  };
  const totals = { open: 0, closed: 0, unknown: 0, none: 0 };
  for (const [source, sources] of classes(from))
    for (const [target, targets] of classes(to))
      totals[stateOf(sidesOf(view.port, source, target))] += sources * targets;
  return totals;
};

const summaryOf = ({ open, closed, unknown }) => {
  const all = open + closed + unknown;
  if (all === 0) return { state: "none", text: STATES.none.symbol };
  if (unknown > 0) return { state: "unknown", text: `? ${open}/${all}` };
  if (open === 0) return { state: "closed", text: STATES.closed.symbol };
  if (open === all) return { state: "open", text: STATES.open.symbol };
  return { state: "some", text: `◐ ${open}/${all}` };
};

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

let entries = { rows: [], columns: [] };
const isPods = () => view.from !== undefined;
const portName = () => data.ports[view.port];

/** With the namespace, also where the table leaves it out. */
const fullName = ({ name, members }) => (isPods() ? members[0][0] : name);

const spoken = (from, to, totals) => {
  const { state } = summaryOf(totals);
  const all = totals.open + totals.closed + totals.unknown;
  const count = all > 1 ? `: ${totals.open} of ${all} pairs open` : "";
  return `${fullName(from)} to ${fullName(to)}, ${portName()}: ${STATES[state].text}${count}`;
};

const draw = () => {
  const [rows, columns] = isPods() ? [podsOf(view.from), podsOf(view.to)] : [namespaces, namespaces];
  entries = { rows: matching(rows, byId("from").value), columns: matching(columns, byId("to").value) };
  const hidden = Math.max(entries.rows.length, entries.columns.length) > MOST;
  entries = { rows: entries.rows.slice(0, MOST), columns: entries.columns.slice(0, MOST) };
  const title = isPods() ? `${view.from.name} → ${view.to.name}, pods` : "All namespaces";
  const head = element(
    "tr",
    { role: "row" },
    element("th", { role: "columnheader", scope: "col" }, "from ↓  to →"),
    ...entries.columns.map(({ name }, column) =>
      element(
        "th",
        { role: "columnheader", scope: "col", "data-column": column },
        element("span", { title: name }, name),
      ),
    ),
  );
  const body = entries.rows.map((from, row) =>
    element(
      "tr",
      { role: "row" },
      element("th", { role: "rowheader", scope: "row", title: from.name }, from.name),
      ...entries.columns.map((to, column) => {
        const totals = tally(from, to);
        const { state, text } = summaryOf(totals);
        const cell = element(
          "button",
          {
            type: "button",
            class: `cell ${state}`,
            "data-row": row,
            "data-column": column,
            "aria-label": spoken(from, to, totals),
            tabindex: row === 0 && column === 0 ? 0 : -1,
          },
          text,
        );
        return element("td", { role: "gridcell" }, cell);
      }),
    ),
  );
  byId("matrix").replaceChildren(
    element("caption", {}, `${title}, ${portName()}`),
    element("thead", {}, head),
    element("tbody", {}, ...body),
  );
  byId("back").hidden = !isPods();
  byId("shown").textContent =
    entries.rows.length === 0 || entries.columns.length === 0
      ? "Nothing has such a name."
      : hidden
        ? `The first ${MOST} are shown; filter by name to see others.`
        : "";
};

const cellsOf = (button) => [entries.rows[button.dataset.row], entries.columns[button.dataset.column]];

/** The reason of a pair, or what a namespace's pairs sum up to. */
const explain = (button) => {
  const [from, to] = cellsOf(button);
  const totals = tally(from, to);
  const { state } = summaryOf(totals);
  const verdict = element(
    "span",
    { id: "verdict", class: state },
    `${STATES[state].symbol} ${STATES[state].text}`,
  );
  const parts = [
    element("h2", {}, `${fullName(from)} → ${fullName(to)}`),
    element("p", { class: "soft" }, portName()),
    verdict,
  ];
  const pairs = isPods() ? [[from.members[0], to.members[0]]] : distinctPairs(from, to);
  const list = element("dl", {});
  for (const [source, target] of pairs) {
    const sides = sidesOf(view.port, source[2], target[2]);
    if (!isPods())
      list.append(element("dt", {}, `${STATES[stateOf(sides)].symbol} ${source[0]} → ${target[0]}`));
    for (const [side, title] of [
      ["egress", `egress of ${source[0]}`],
      ["ingress", `ingress of ${target[0]}`],
    ]) {
      const [, text, why] = sides[side];
      if (isPods()) list.append(element("dt", {}, title));
      list.append(element("dd", { class: "side" }, `${isPods() ? "" : `${side}: `}${text}`));
      if (why) list.append(element("dd", { class: "soft" }, why));
    }
  }
  parts.push(list);
  if (!isPods())
    parts.push(
      element(
        "p",
        { class: "soft" },
        `${totals.open} open, ${totals.closed} closed pairs. Enter or click shows the pods.`,
      ),
    );
  byId("reason").replaceChildren(...parts);
};

/** One pair for each state of a cell, the open ones first. */
const distinctPairs = (from, to) => {
  const found = new Map();
  for (const source of from.members)
    for (const target of to.members) {
      const state = stateOf(sidesOf(view.port, source[2], target[2]));
      if (!found.has(state)) found.set(state, [source, target]);
    }
  return ["open", "unknown", "closed", "none"].flatMap((state) =>
    found.has(state) ? [found.get(state)] : [],
  );
};

const cellAt = (row, column) =>
  byId("matrix").querySelector(`.cell[data-row="${row}"][data-column="${column}"]`);

const focusCell = (cell) => {
  if (!cell) return;
  for (const other of byId("matrix").querySelectorAll('.cell[tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
};

const goTo = (from, to) => {
  Object.assign(view, { from, to });
  for (const id of ["from", "to"]) byId(id).value = "";
  draw();
  focusCell(cellAt(0, 0));
};

const goBack = () => {
  const [row, column] = [view.from?.group, view.to?.group];
  goTo(undefined, undefined);
  focusCell(cellAt(row, column));
};

const matrix = byId("matrix");
const cellOf = (event) => event.target.closest?.(".cell");

matrix.addEventListener("mouseover", (event) => {
  const cell = cellOf(event);
  if (cell) explain(cell);
});
matrix.addEventListener("focusin", (event) => {
  const cell = cellOf(event);
  if (cell) explain(cell);
});
matrix.addEventListener("click", (event) => {
  const cell = cellOf(event);
  if (!cell) return;
  if (isPods()) focusCell(cell);
  else goTo(...cellsOf(cell));
});

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

matrix.addEventListener("keydown", (event) => {
  const cell = cellOf(event);
  if (!cell) return;
  const [row, column] = [Number(cell.dataset.row), Number(cell.dataset.column)];
  const step = STEPS[event.key];
  const target = step
    ? cellAt(row + step[0], column + step[1])
    : event.key === "Home"
      ? cellAt(row, 0)
      : event.key === "End"
        ? cellAt(row, entries.columns.length - 1)
        : undefined;
  if (target) {
    event.preventDefault();
    focusCell(target);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isPods()) goBack();
});

byId("back").addEventListener("click", goBack);
for (const id of ["from", "to"]) byId(id).addEventListener("input", draw);
byId("port").append(...data.ports.map((name, index) => element("option", { value: index }, name)));
byId("port").addEventListener("change", (event) => {
  view.port = Number(event.target.value);
  draw();
});
byId("controls").addEventListener("submit", (event) => event.preventDefault());
draw();
