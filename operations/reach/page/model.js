import { spoken } from "../spoken.ts";

/** Reads the data that stands in the page: who is there, and on which ports whom each reaches, for which reasons. */
export const data = JSON.parse(document.getElementById("data").textContent);

/** The choice of no single port. */
export const ANY_PORT = -1;

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

/** The numbers of both sides' reasons for a flow between classes. */
const reasonsOf = (port, from, to) => ({
  egress: rowAt(data.egress[port][from])[to],
  ingress: rowAt(data.ingress[port][to])[from],
});

/** Both sides' reasons of a flow between entries, each as `[decision, text, why]`. */
export const sidesOf = (port, from, to) => {
  const { egress, ingress } = reasonsOf(port, from.class, to.class);
  return { egress: data.reasons[egress], ingress: data.reasons[ingress] };
};

export const stateOf = ({ egress: [out], ingress: [into] }) => {
  if (out === "d" || into === "d") return "closed";
  if (out === "u" || into === "u") return "unknown";
  return out === "n" && into === "n" ? "none" : "open";
};

/** Everybody whom policies may concern. */
export const entries = data.identities.map(([id, group, classNumber], index) => ({
  id,
  index,
  class: classNumber,
  group: data.groups[group],
  name: spoken(id),
  text: `${id} ${spoken(id)}`.toLowerCase(),
}));

const byId = new Map(entries.map((entry) => [entry.id, entry]));
export const entryOf = (id) => byId.get(id);

const byClass = new Map();
for (const entry of entries) byClass.set(entry.class, [...(byClass.get(entry.class) ?? []), entry]);

/**
 * Per class of sources, per class of targets: the ports that are not closed, each with the numbers of its two reasons.
 * Rows are walked in runs, and what egress denies is skipped whole.
 */
const openPorts = (() => {
  const found = new Map();
  for (const [port] of data.ports.entries())
    for (const from of byClass.keys()) {
      const row = data.rows[data.egress[port][from]];
      let to = 0;
      for (let at = 0; at < row.length; at += 2) {
        const end = to + row[at + 1];
        const [out] = data.reasons[row[at]];
        if (out === "d") to = end;
        for (; to < end; to++) {
          const ingress = rowAt(data.ingress[port][to])[from];
          const [into] = data.reasons[ingress];
          if (into === "d" || (into === "n" && out === "n") || !byClass.has(to)) continue;
          if (!found.has(from)) found.set(from, new Map());
          const targets = found.get(from);
          if (!targets.has(to)) targets.set(to, []);
          targets.get(to).push({ port, reasons: [row[at], ingress], unknown: out === "u" || into === "u" });
        }
      }
    }
  return found;
})();

/** Ports between two entries that are open or unknown. */
export const portsBetween = (from, to) => openPorts.get(from.class)?.get(to.class) ?? [];

const lower = (texts) => texts.map((text) => text.toLowerCase());
const portTexts = lower(data.ports);
const reasonTexts = lower(data.reasons.map(([, text, why]) => `${text} ${why}`));

/** Says of a flow whether every word stands in a name, the port or a reason of it. */
const finder = (words) => {
  const tests = words.map((word) => {
    const has = (text) => text.includes(word);
    const [names, ports, reasons] = [
      entries.map(({ text }) => has(text)),
      portTexts.map(has),
      reasonTexts.map(has),
    ];
    return (from, to, flow) =>
      names[from.index] ||
      names[to.index] ||
      ports[flow.port] ||
      flow.reasons.some((reason) => reasons[reason]);
  });
  return (from, to, flow) => tests.every((test) => test(from, to, flow));
};

const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
const named = (filter) => {
  const words = wordsOf(filter);
  return ({ text }) => words.every((word) => text.includes(word));
};

const isPod = ({ group }) => !group.startsWith("(");

/** Sources that reach every pod, such as the nodes: their rows say nothing of anybody. */
export const everywhere = entries.filter(
  (from) => !isPod(from) && entries.every((to) => !isPod(to) || portsBetween(from, to).length > 0),
);

/**
 * Rows, columns and cells that a choice leaves: `cells` holds for each row a map from column to the ports. With `all`
 * also who reaches nobody, whom nobody reaches and who reaches every pod keeps its place.
 */
export const selection = ({ port, find, from, to, all }) => {
  const [isFrom, isTo, matches] = [named(from), named(to), finder(wordsOf(find))];
  const targets = new Set(entries.filter(isTo));
  const used = new Set();
  const cells = new Map();
  for (const source of entries.filter(isFrom)) {
    if (!all && everywhere.includes(source)) continue;
    const row = new Map();
    for (const [classNumber, flows] of openPorts.get(source.class) ?? [])
      for (const target of byClass.get(classNumber)) {
        if (!targets.has(target)) continue;
        const left = flows.filter(
          (flow) => (port === ANY_PORT || flow.port === port) && matches(source, target, flow),
        );
        if (left.length === 0) continue;
        row.set(target, left);
        used.add(target);
      }
    if (all || row.size > 0) cells.set(source, row);
  }
  return {
    rows: [...cells.keys()],
    columns: entries.filter((entry) => (all ? targets : used).has(entry)),
    cells,
  };
};

/** Whom an entry reaches, and who reaches it, as `[entry, ports]`: the flows in which every word of `find` stands. */
export const neighbours = (entry, find) => {
  const matches = finder(wordsOf(find));
  const between = (from, to, other) => {
    const ports = portsBetween(from, to).filter((flow) => matches(from, to, flow));
    return ports.length > 0 ? [[other, ports]] : [];
  };
  return {
    reaches: entries.flatMap((other) => between(entry, other, other)),
    reachedBy: entries.flatMap((other) => between(other, entry, other)),
  };
};

/** Names of ports, those of a flow that is not known for sure with a question mark. */
export const portNames = (flows, most = 4) => {
  const names = flows.map(({ port, unknown }) => `${unknown ? "? " : ""}${data.ports[port]}`);
  return names.length <= most
    ? names.join(", ")
    : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
};
