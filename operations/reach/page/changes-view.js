/** What opens and closes against another synthesis, when the page was written with one. */
import { byId, element } from "./dom.js";
import { data } from "./model.js";

const names = (list) =>
  list.length <= 6 ? list.join(", ") : `${list.slice(0, 6).join(", ")} and ${list.length - 6} more`;

const matches = (words, { change, from, to, ports, by }) => {
  const text = [change, ...from, ...to, ...ports, ...by].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
};

/** Lists the changed flows in which every word of `find` stands. */
export const showChanges = (find) => {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const flows = (data.changes ?? []).filter((flow) => matches(words, flow));
  byId("change-list").replaceChildren(
    element("p", { class: "soft" }, `${flows.length} of ${data.changes?.length ?? 0} changes of flows.`),
    element(
      "ul",
      { class: "changes" },
      ...flows.map(({ change, from, to, ports, by }) =>
        element(
          "li",
          {},
          element("span", { class: `badge ${change.includes("open") ? "open" : "closed"}` }, change),
          element("strong", {}, ` ${names(from)} → ${names(to)} `),
          element("span", {}, `on ${names(ports)}`),
          ...by.map((line) => element("div", { class: "soft" }, line)),
        ),
      ),
    ),
  );
};
