/** The change report, for people, pull requests and programs. */
import { someOf } from "../../lib/core/lists.ts";
import { type Problem, problemReport } from "../../lib/core/synthesis/problem-report.ts";
import { CHANGES, type EnvironmentChanges, type FlowChange, isChange } from "./changes.ts";

/** Names in a line before the rest is counted. */
const NAMES = 6;

const list = (names: readonly string[], most = NAMES): string => someOf(names, most);

const count = (changes: readonly FlowChange[]): string => {
  return CHANGES.map((kind) => ({ kind, groups: changes.filter(({ change }) => change === kind).length }))
    .filter(({ groups }) => groups > 0)
    .map(({ kind, groups }) => `${groups} ${kind}`)
    .join(", ");
};

const headline = (changes: EnvironmentChanges): string => {
  const { environment, presence, flows } = changes;
  if (presence !== "both")
    return `${environment}: ${presence === "added" ? "only in the new output" : "only in the old output"}`;
  return `${environment}: ${count(flows) || (isChange(changes) ? "no flow changed" : "no change")}`;
};

const asides = ({ policies, agent, notes }: EnvironmentChanges): string[] => [
  ...agent,
  ...(["added", "removed", "changed"] as const)
    .filter((kind) => policies[kind].length > 0)
    .map((kind) => `policies ${kind}: ${policies[kind].join(", ")}`),
  ...notes,
];

/** Changes for a terminal: flows by what changed them, and those that fill more than a screen in a file. */
export const displayChanges = (changes: readonly EnvironmentChanges[]): string =>
  changes
    .map((one) =>
      [problemReport(headline(one), one.flows.map(flowText)), ...asides(one).map((line) => `  ${line}`)].join(
        "\n",
      ),
    )
    .join("\n");

const flowText = ({ change, from, to, ports, by }: FlowChange): Problem => ({
  cause: `${change}: ${by.join("; ")}`,
  text: [
    `${change}: ${list(from)} → ${list(to)} on ${list(ports, 12)}`,
    ...by.map((line) => `  ${line}`),
  ].join("\n"),
});

/** Keeps text from being markup of Markdown or HTML. */
const escaped = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>|~#&]/g, (character) =>
    character === "<" ? "&lt;" : character === ">" ? "&gt;" : character === "&" ? "&amp;" : `\\${character}`,
  );

/** Changes for a comment on a pull request: a table per environment. */
export const markdownChanges = (changes: readonly EnvironmentChanges[]): string =>
  changes
    .map((one) =>
      [
        `### ${escaped(headline(one))}`,
        ...(one.flows.length === 0
          ? []
          : ["", "| flow | from | to | ports | by |", "|---|---|---|---|---|", ...one.flows.map(row)]),
        ...asides(one).map((line) => `\n- ${escaped(line)}`),
      ].join("\n"),
    )
    .join("\n\n");

const row = ({ change, from, to, ports, by }: FlowChange): string =>
  `| ${[`**${change}**`, ...[list(from), list(to), list(ports, 12)].map(escaped), by.map(escaped).join("<br>")].join(" | ")} |`;
