import { GUARD_RULES } from "../../environments/guard-rules.ts";
import { grouped } from "../../lib/core/lists.ts";
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

/** Things at risk that a reader takes in at a glance; the rest is folded. */
const AT_A_GLANCE = 3;

/** Lines of flows that stay unfolded. */
const FLOWS_SHOWN = 4;

/** Sorts refusals that cannot be waived to the front. */
const gravest = (refusals: readonly GuardRefusal[]): GuardRefusal[] =>
  [...refusals].sort((a, b) => Number(GUARD_RULES[a.rule].waivable) - Number(GUARD_RULES[b.rule].waivable));

const folded = (summary: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", `<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];

const rowsOf = ({ refused, waived }: GuardVerdict): string[] => [
  "| | resource | rule | why | how to go on |",
  "|---|---|---|---|---|",
  ...byResource(refused).map(
    ([resource, refusals]) =>
      `| ❌ | \`${cell(resource)}\` | ${[...new Set(refusals.map(({ rule }) => rule))].join(", ")} | ${shortened(refusals.map(({ reason }) => cell(reason))).join("<br>")} | ${[...new Set(refusals.map(({ cure }) => cell(cure)))].join("<br>")} |`,
  ),
  ...waived.map(
    ({ rule, resource, until, why, reason }) =>
      `| ⚠️ | \`${cell(resource)}\` | ${rule} | ${cell(reason)} | waived until ${until}: ${cell(why)} |`,
  ),
];

/**
 * The verdict as Markdown, for a comment on a pull request, read in ten seconds: the verdict, the three gravest
 * things at risk, what opens and closes. Everything is below, folded, a row for each resource.
 */
export const markdownReport = (title: string, verdict: GuardVerdict): string => {
  const { passes, refused, waived, drifted, flows } = verdict;
  const bullets = (lines: readonly string[]) => shortened(lines).map((line) => `- \`${cell(line)}\``);
  const first = (lines: readonly string[]) => [
    ...lines.slice(0, FLOWS_SHOWN).map((line) => `- \`${cell(line)}\``),
    ...(lines.length > FLOWS_SHOWN ? [`- and ${lines.length - FLOWS_SHOWN} more groups of flows`] : []),
  ];
  const section = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", `**${head}**`, "", ...lines];
  const glance = gravest(refused).filter(
    ({ resource, rule }, index, all) =>
      all.findIndex((other) => other.resource === resource && other.rule === rule) === index,
  );
  const touched = byResource(refused).length;
  return [
    `### ${passes ? "✅" : "❌"} ${title}: ${passes ? "passes the guard" : "refused"}`,
    "",
    `**What changes:** ${summaryOf(verdict)}`,
    ...section("What is at risk", [
      ...glance
        .slice(0, AT_A_GLANCE)
        .map(({ rule, resource, reason }) => `- **${rule}** \`${cell(resource)}\`: ${cell(reason)}`),
      ...(glance.length > AT_A_GLANCE ? [`- and ${glance.length - AT_A_GLANCE} more, below`] : []),
      ...waived.map(
        ({ rule, resource, until }) => `- ⚠️ ${rule} \`${cell(resource)}\`: waived until ${until}`,
      ),
    ]),
    ...section("Flows that open", first(flows?.opened ?? [])),
    ...section("Flows that close", first(flows?.closed ?? [])),
    ...section("Changed by somebody else", bullets(drifted)),
    ...folded(
      `Refused: ${refused.length} changes of ${touched} resources; waived: ${waived.length}`,
      refused.length + waived.length === 0 ? [] : rowsOf(verdict),
    ),
    ...folded("Shown", bullets(visibleLines(verdict))),
    ...folded("Resources", bullets(changeLines(verdict))),
    "",
  ].join("\n");
};
