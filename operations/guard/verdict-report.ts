import { GUARD_RULES } from "../../environments/guard-rules.ts";
import { counted, grouped } from "../../lib/core/lists.ts";
import { displayPath } from "./changes.ts";
import type { GuardVerdict } from "./guard.ts";
import type { GuardRefusal } from "./rule.ts";
import type { ResourceChange } from "./terraform-plan.ts";

/** Lines of a list that a person still reads; the rest is counted. */
const SHOWN = 12;

const ORDER = [
  ["create", "to add"],
  ["update", "to change"],
  ["replace", "to replace"],
  ["forget and create", "to forget and make anew"],
  ["delete", "to destroy"],
  ["forget", "to forget"],
  ["import", "imported"],
  ["moved", "moved"],
  ["unknown", "unknown"],
] as const;

/** `1 to add, 2 to change`, or that nothing changes. */
export const summaryOf = ({ counts }: GuardVerdict): string => {
  const parts = ORDER.flatMap(([kind, words]) => (counts[kind] ? [`${counts[kind]} ${words}`] : []));
  return parts.length > 0 ? parts.join(", ") : "nothing changes";
};

const shortened = (lines: readonly string[]): string[] =>
  lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more`];

/** Order of changes in the report: losses come first, so that no reader misses them. */
const RANK: readonly ResourceChange["kind"][] = [
  "unknown",
  "delete",
  "replace",
  "forget and create",
  "update",
  "create",
];

const changeLines = ({ changes }: GuardVerdict): string[] => {
  const rank = ({ kind }: ResourceChange) => (RANK.includes(kind) ? RANK.indexOf(kind) : RANK.length);
  return shortened(
    [...changes]
      .sort((a, b) => rank(a) - rank(b))
      .map(({ kind, address, imported }) => `${imported ? "import, " : ""}${kind}: ${address}`),
  );
};

/** Refusals of one resource together. */
const byResource = <T extends Pick<GuardRefusal, "resource">>(refusals: readonly T[]): [string, T[]][] => [
  ...grouped(refusals, ({ resource }) => resource),
];

/** The waiver of a refusal for an environment's `waivers`, without the reason and the last day. */
const waiverLine = ({ rule, resource, path, before, after }: GuardRefusal): string =>
  Object.entries({ rule, resource, path, before, after })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(", ");

/** The verdict as plain lines, for a terminal. */
export const textReport = (title: string, verdict: GuardVerdict): string => {
  const { refused, waived, drifted, flows } = verdict;
  const list = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${head}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `${title}: ${refused.length === 0 ? "passes" : `REFUSED, ${refused.length} times`}: ${summaryOf(verdict)}`,
    ...list(
      "refused",
      byResource(refused).flatMap(([resource, refusals]) => [
        resource,
        ...refusals.flatMap((refusal) => [
          `  [${refusal.rule}] ${refusal.reason}`,
          `    → ${refusal.cure}`,
          ...(GUARD_RULES[refusal.rule].waivable
            ? [`    waiver: { ${waiverLine(refusal)}, reason: "…", until: "…" }`]
            : []),
        ]),
      ]),
    ),
    ...list(
      "waived",
      waived.map(({ rule, resource, until, why }) => `[${rule}] ${resource}: until ${until}: ${why}`),
    ),
    ...list("shown", shortened(visibleLines(verdict))),
    ...list("changes", changeLines(verdict)),
    ...list("changed by somebody else", shortened(drifted)),
    ...list("flows that open", shortened(flows?.opened ?? [])),
    ...list("flows that close", shortened(flows?.closed ?? [])),
  ].join("\n");
};

/** Lines of changes that pass and should be seen: paths and why, no values. */
const visibleLines = ({ classed }: GuardVerdict): string[] =>
  classed
    .filter(({ class: { class: name }, change }) => name === "visible" && change.fate === "changed")
    .map(({ change, class: { why } }) => `${change.resource.address}: ${displayPath(change)}: ${why}`);

/** Escapes text so that it breaks neither a table cell nor a line. */
export const cell = (text: string): string =>
  text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").replaceAll("`", "'");

/** Things to know that a reader takes in at a glance, and flows of each direction; the rest is folded. */
const AT_A_GLANCE = 3;
const FLOWS_SHOWN = 2;

/** Resources that a table lists; a comment has an end, and the log has them all. */
const ROWS = 60;

/** Refusals of one rule with one advice, those that cannot be waived first, then those of most resources. */
const causes = (refused: readonly GuardRefusal[]) =>
  [...grouped(refused, ({ rule, cure }) => `${rule}\n${cure}`).values()]
    .flatMap((refusals) => {
      const [first] = refusals;
      return first ? [{ ...first, resources: new Set(refusals.map(({ resource }) => resource)).size }] : [];
    })
    .toSorted(
      (a, b) =>
        Number(GUARD_RULES[a.rule].waivable) - Number(GUARD_RULES[b.rule].waivable) ||
        b.resources - a.resources,
    );

const folded = (summary: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];

/** A row for each resource; advice stands below, once, and rows say which. */
const refusedTable = (refused: readonly GuardRefusal[]): string[] => {
  const advice = [...new Set(causes(refused).map(({ cure }) => cure))];
  const rows = byResource(refused).map(([resource, refusals]) => {
    const distinct = (of: (refusal: GuardRefusal) => string) => [...new Set(refusals.map(of))];
    const numbers = distinct(({ cure }) => String(advice.indexOf(cure) + 1));
    return `| ❌ | \`${cell(resource)}\` | ${distinct(({ rule }) => rule).join(", ")} | ${shortened(distinct(({ reason }) => cell(reason))).join("<br>")} | ${numbers.join(", ")} |`;
  });
  return [
    "| | resource | rule | why | go on by |",
    "|---|---|---|---|---|",
    ...rows.slice(0, ROWS),
    "",
    ...(rows.length > ROWS
      ? [`… and ${rows.length - ROWS} more resources: the log of the run has them.`, ""]
      : []),
    ...advice.map((each, at) => `${at + 1}. ${cell(each)}`),
  ];
};

const waivedTable = (waived: GuardVerdict["waived"]): string[] => [
  "| | resource | rule | why | waived |",
  "|---|---|---|---|---|",
  ...waived.map(
    ({ rule, resource, until, why, reason }) =>
      `| ⚠️ | \`${cell(resource)}\` | ${rule} | ${cell(reason)} | waived until ${until}: ${cell(why)} |`,
  ),
];

/**
 * The verdict as Markdown, for a comment on a pull request, read in ten seconds: the verdict, the three gravest
 * things to know, what opens and closes. Everything else is folded below: a row for each resource, and advice once.
 */
export const markdownReport = (title: string, verdict: GuardVerdict): string => {
  const { passes, refused, waived, drifted, flows } = verdict;
  const bullets = (lines: readonly string[]) => shortened(lines).map((line) => `- \`${cell(line)}\``);
  const section = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", `**${head}**`, "", ...lines];
  const known = causes(refused);
  const more = (count: number) => (count > 1 ? ` and ${counted(count - 1, "more resource")}` : "");
  const [opened, closed] = [flows?.opened ?? [], flows?.closed ?? []];
  const shown = (how: string, lines: readonly string[]) =>
    lines.slice(0, FLOWS_SHOWN).map((line) => `- ${how} \`${cell(line)}\``);
  const touched = byResource(refused).length;
  return [
    `### ${passes ? "✅" : "❌"} ${title}: ${passes ? "passes the guard" : "refused"}`,
    "",
    `**What changes:** ${summaryOf(verdict)}`,
    ...section("What to know", [
      ...known
        .slice(0, AT_A_GLANCE)
        .map(
          ({ rule, resource, reason, resources }) =>
            `- **${rule}** \`${cell(resource)}\`${more(resources)}: ${cell(reason)}`,
        ),
      ...(known.length > AT_A_GLANCE ? [`- and ${known.length - AT_A_GLANCE} more causes, below`] : []),
      ...(waived.length > 0
        ? [
            `- ⚠️ ${counted(waived.length, "refusal")} waived, the first until ${waived.map(({ until }) => until).toSorted()[0]}, below`,
          ]
        : []),
    ]),
    ...section(
      `Flows: ${counted(opened.length, "group")} opened, ${counted(closed.length, "group")} closed`,
      [...shown("opens", opened), ...shown("closes", closed)],
    ),
    "",
    ...folded(
      `Refused: ${counted(refused.length, "change")} of ${counted(touched, "resource")}`,
      refused.length > 0 ? refusedTable(refused) : [],
    ),
    ...folded(`Waived: ${waived.length}`, waived.length > 0 ? waivedTable(waived) : []),
    ...folded(
      "Flows",
      opened.length + closed.length > 2 * FLOWS_SHOWN
        ? [
            ...bullets(opened.map((each) => `opens ${each}`)),
            ...bullets(closed.map((each) => `closes ${each}`)),
          ]
        : [],
    ),
    ...folded(`Changed by somebody else: ${drifted.length}`, bullets(drifted)),
    ...folded("Shown", bullets(visibleLines(verdict))),
    ...folded("Resources", bullets(changeLines(verdict))),
    "",
  ].join("\n");
};
