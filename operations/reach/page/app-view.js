/** One app: a picture of its neighbours, and a list that says the same. */
import { byId, element, svg } from "./dom.js";
import { entries, entryOf, neighbours, portNames } from "./model.js";

/** Neighbours on a side that the picture shows; the list has all. */
const MOST = 24;
const LINE = 30;
const WIDTH = 1000;

const shortened = (text, most) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

const side = (others, x, anchor, towards, open) =>
  others.slice(0, MOST).flatMap(([other, ports], index) => {
    const y = LINE * (index + 1);
    const name = svg(
      "text",
      { x, y: y + 4, "text-anchor": anchor, class: "node" },
      shortened(other.name, 27),
      svg("tspan", { class: "ports", dx: 8 }, portNames(ports, 1)),
      svg("title", {}, `${other.name}: ${portNames(ports, 99)}`),
    );
    name.addEventListener("click", () => open(other));
    const start = anchor === "end" ? x + 8 : x - 8;
    const middle = (start + towards.x) / 2;
    return [
      svg("path", {
        d: `M ${start} ${y} C ${middle} ${y}, ${middle} ${towards.y}, ${towards.x} ${towards.y}`,
        class: "edge",
      }),
      name,
    ];
  });

const picture = (entry, { reaches, reachedBy }, open) => {
  const lines = Math.max(1, Math.min(MOST, Math.max(reaches.length, reachedBy.length)));
  const height = LINE * (lines + 1);
  const y = height / 2;
  return svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: "img",
      "aria-label": `${entry.name}: reached by ${reachedBy.length}, reaches ${reaches.length}`,
      class: "graph",
    },
    ...side(reachedBy, 320, "end", { x: WIDTH / 2 - 110, y }, open),
    ...side(reaches, WIDTH - 320, "start", { x: WIDTH / 2 + 110, y }, open),
    svg("rect", { x: WIDTH / 2 - 110, y: y - 16, width: 220, height: 32, rx: 8, class: "centre" }),
    svg(
      "text",
      { x: WIDTH / 2, y: y + 5, "text-anchor": "middle", class: "centre-name" },
      shortened(entry.name, 28),
    ),
  );
};

const list = (title, others, explain) =>
  element(
    "section",
    {},
    element("h2", {}, `${title} (${others.length})`),
    others.length === 0
      ? element("p", { class: "soft" }, "Nobody.")
      : element(
          "ul",
          { class: "flows" },
          ...others.map(([other, ports]) => {
            const button = element(
              "button",
              { type: "button", class: "flow" },
              element("span", {}, other.name),
              element("span", { class: "soft" }, portNames(ports)),
            );
            button.addEventListener("click", () => explain(other));
            return element("li", {}, button);
          }),
        ),
  );

/** Fills the view of the app of that name, the first one when nobody has it; `find` as in the grid. */
export const showApp = (id, find, { open, explain }) => {
  const entry = entryOf(id) ?? entries[0];
  byId("app").value = entry.id;
  const around = neighbours(entry, find);
  byId("neighbours").replaceChildren(
    picture(entry, around, open),
    element(
      "div",
      { class: "lists" },
      list("Reaches", around.reaches, (other) => explain(entry, other)),
      list("Is reached by", around.reachedBy, (other) => explain(other, entry)),
    ),
  );
  return entry;
};

byId("app").append(...entries.map(({ id, name }) => element("option", { value: id }, name)));
