import type { Verdict } from "./guard.ts";
import type { ResourceChange } from "./plan.ts";

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
export const summaryOf = ({ counts }: Verdict): string => {
  const parts = ORDER.flatMap(([kind, words]) => (counts[kind] ? [`${counts[kind]} ${words}`] : []));
  return parts.length > 0 ? parts.join(", ") : "nothing changes";
};

const shortened = (lines: readonly string[]): string[] =>
  lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more`];

/** What is lost comes first: it is what a reader must not miss. */
const RANK: readonly ResourceChange["kind"][] = [
  "unknown",
  "delete",
  "replace",
  "forget and create",
  "update",
  "create",
];

const changeLines = ({ changes }: Verdict): string[] => {
  const rank = ({ kind }: ResourceChange) => (RANK.includes(kind) ? RANK.indexOf(kind) : RANK.length);
  return shortened(
    [...changes]
      .sort((a, b) => rank(a) - rank(b))
      .map(({ kind, address, imported }) => `${imported ? "import, " : ""}${kind}: ${address}`),
  );
};

/** As plain lines, for a terminal. */
export const textReport = (title: string, verdict: Verdict): string => {
  const { refused, waived, drifted, flows } = verdict;
  const list = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${head}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `${title}: ${refused.length === 0 ? "passes" : `REFUSED, ${refused.length} times`}: ${summaryOf(verdict)}`,
    ...list(
      "refused",
      refused.flatMap(({ rule, resource, reason, cure }) => [
        `[${rule}] ${resource}: ${reason}`,
        `  → ${cure}`,
      ]),
    ),
    ...list(
      "waived",
      waived.map(({ rule, resource, until, why }) => `[${rule}] ${resource}: until ${until}: ${why}`),
    ),
    ...list("changes", changeLines(verdict)),
    ...list("changed by somebody else", shortened(drifted)),
    ...list("flows that open", shortened(flows?.opened ?? [])),
    ...list("flows that close", shortened(flows?.closed ?? [])),
  ].join("\n");
};

/** Neither a table cell nor a line can be broken by what stands in it. */
export const cell = (text: string): string =>
  text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").replaceAll("`", "'");

/** As Markdown, for a comment on a pull request: the verdict first, and what is at risk before what changes. */
export const markdownReport = (title: string, verdict: Verdict): string => {
  const { passes, refused, waived, drifted, flows } = verdict;
  const bullets = (lines: readonly string[]) => shortened(lines).map((line) => `- \`${cell(line)}\``);
  const section = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", `**${head}**`, ...lines];
  return [
    `### ${passes ? "✅" : "❌"} ${title}: ${passes ? "passes the guard" : "refused"}`,
    "",
    `**What changes:** ${summaryOf(verdict)}`,
    ...section(
      "What is at risk",
      refused.length + waived.length === 0
        ? []
        : [
            "",
            "| | rule | resource | why | how to go on |",
            "|---|---|---|---|---|",
            ...refused.map(
              ({ rule, resource, reason, cure }) =>
                `| ❌ | ${rule} | \`${cell(resource)}\` | ${cell(reason)} | ${cell(cure)} |`,
            ),
            ...waived.map(
              ({ rule, resource, until, why, reason }) =>
                `| ⚠️ | ${rule} | \`${cell(resource)}\` | ${cell(reason)} | waived until ${until}: ${cell(why)} |`,
            ),
          ],
    ),
    ...section("Flows that close", bullets(flows?.closed ?? [])),
    ...section("Flows that open", bullets(flows?.opened ?? [])),
    ...section("Changed by somebody else", bullets(drifted)),
    ...(verdict.changes.length === 0
      ? []
      : [
          "",
          "<details><summary>Resources</summary>",
          "",
          ...bullets(changeLines(verdict)),
          "",
          "</details>",
        ]),
    "",
  ].join("\n");
};
