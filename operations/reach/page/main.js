/** Joins the views of the page. What is shown stands in the address, so that it can be sent to somebody. */
import { showApp } from "./app-view.js";
import { showChanges } from "./changes-view.js";
import { byId, element } from "./dom.js";
import { gridOf } from "./grid.js";
import {
  ANY_PORT,
  data,
  entryOf,
  everywhere,
  portNames,
  portsBetween,
  selection,
  sidesOf,
  stateOf,
} from "./model.js";

const VIEWS = ["matrix", "app", "changes"].filter((view) => view !== "changes" || data.changes);
const STATES = { open: "● open", closed: "× closed", unknown: "? unknown", none: "– no policy decides" };
/** On a screen as wide as a phone's a list per app is read, and no grid. */
const narrow = window.matchMedia("(max-width: 700px)");

const DEFAULTS = { view: "", port: "", find: "", from: "", to: "", all: "", app: "", source: "", target: "" };
const addressed = () => ({ ...DEFAULTS, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) });
let state = addressed();

const viewShown = () => {
  const wanted = VIEWS.includes(state.view) ? state.view : "matrix";
  return wanted === "matrix" && narrow.matches ? "app" : wanted;
};
const portShown = () => {
  const index = data.ports.indexOf(state.port);
  return index < 0 ? ANY_PORT : index;
};

const labelOf = (from, to, flows) => {
  const count = flows.length > 1 ? `${flows.length} ports: ` : "";
  return `${from.name} to ${to.name}: ${flows.length === 0 ? "closed" : `open on ${count}${portNames(flows)}`}`;
};

const set = (changes) => {
  state = { ...state, ...changes };
  const written = Object.entries(state).filter(([key, value]) => key in DEFAULTS && value !== "");
  history.replaceState(null, "", `#${new URLSearchParams(written)}`);
};

/** One port of a pair with the reasons of both sides. */
const portReasons = (port, from, to) => {
  const sides = sidesOf(port, from, to);
  const lines = [
    ["egress", from],
    ["ingress", to],
  ].flatMap(([side, { id }]) => {
    const [, text, why] = sides[side];
    return [
      element("dd", { class: "side" }, `${side} of ${id}: ${text}`),
      ...(why ? [element("dd", { class: "soft" }, why)] : []),
    ];
  });
  return [element("dt", {}, `${STATES[stateOf(sides)]}, ${data.ports[port]}`), ...lines];
};

/** Ports of a pair worth a reason: those that are open, else the one that is chosen, else any one. */
const explainedPorts = (from, to) => {
  const chosen = portShown();
  if (chosen !== ANY_PORT) return [chosen];
  const open = portsBetween(from, to).map(({ port }) => port);
  return open.length > 0 ? open : [data.ports.length - 1];
};

const explain = (from, to) => {
  set({ source: from.id, target: to.id });
  byId("reason").replaceChildren(
    element("h2", {}, `${from.name} → ${to.name}`),
    element("dl", {}, ...explainedPorts(from, to).flatMap((port) => portReasons(port, from, to))),
  );
};

const grid = gridOf({ labelOf, select: explain });
const openApp = ({ id }) => {
  set({ view: "app", app: id });
  show();
};

const showMatrix = () => {
  const shown = selection({ ...state, port: portShown(), all: state.all === "1" });
  grid.show(shown, entryOf(state.source), entryOf(state.target));
  const left =
    state.all === "1" || everywhere.length === 0
      ? ""
      : ` Left out: ${everywhere.map(({ name }) => name).join(", ")}, which reach every pod.`;
  const flows = [...shown.cells.values()].reduce((sum, row) => sum + row.size, 0);
  byId("shown").textContent =
    flows === 0 && shown.rows.length === 0
      ? `Nothing open has such a name, port or reason.${left}`
      : `${flows} open pairs of ${shown.rows.length} sources and ${shown.columns.length} targets.${left}`;
};

const show = () => {
  const view = viewShown();
  for (const name of ["matrix", "app", "changes"]) {
    byId(`${name}-view`).hidden = name !== view;
    byId(`${name}-tab`).setAttribute("aria-selected", name === view);
    byId(`${name}-tab`).tabIndex = name === view ? 0 : -1;
  }
  for (const id of ["find", "from", "to"]) if (byId(id).value !== state[id]) byId(id).value = state[id];
  byId("port").value = portShown();
  byId("all").checked = state.all === "1";
  if (view === "matrix") showMatrix();
  else if (view === "app") showApp(state.app, state.find, { open: openApp, explain });
  else showChanges(state.find);
  const [from, to] = [entryOf(state.source), entryOf(state.target)];
  if (from && to) explain(from, to);
};

byId("changes-tab").hidden = !data.changes;
byId("port").append(
  element("option", { value: ANY_PORT }, "any port"),
  ...data.ports.map((name, index) => element("option", { value: index }, name)),
);

const tabs = byId("tabs");
tabs.addEventListener("click", ({ target }) => {
  const view = target.closest("[role=tab]")?.dataset.view;
  if (!view) return;
  set({ view });
  show();
});
tabs.addEventListener("keydown", ({ key }) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (!step) return;
  const next = VIEWS[(VIEWS.indexOf(viewShown()) + step + VIEWS.length) % VIEWS.length];
  set({ view: next });
  show();
  byId(`${viewShown()}-tab`).focus();
});
for (const id of ["find", "from", "to"])
  byId(id).addEventListener("input", ({ target }) => {
    set({ [id]: target.value });
    show();
  });
byId("port").addEventListener("change", ({ target }) => {
  set({ port: data.ports[target.value] ?? "" });
  show();
});
byId("all").addEventListener("change", ({ target }) => {
  set({ all: target.checked ? "1" : "" });
  show();
});
byId("app").addEventListener("change", ({ target }) => openApp({ id: target.value }));
byId("controls").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", () => {
  state = addressed();
  show();
});
narrow.addEventListener("change", show);
show();
