/** Coexistence as an operator reads it: on one screen, and everything in a file. */

import type { Environment } from "../../environments/schema.ts";
import { grouped, someOf } from "../../lib/core/lists.ts";
import { type Coexistence, isEveryPort, type LeftOpen, type LostAccess, type LostNeed } from "./compare.ts";
import type { Cure } from "./cures.ts";

export interface Result extends Omit<Coexistence, "lostNeeds"> {
  readonly environment: string;
  readonly mode: Environment["networkPolicy"]["mode"];
  /** True when default deny closes nothing that is open today. */
  readonly ready: boolean;
  readonly lostNeeds: readonly (LostNeed & { readonly cures: readonly Cure[] })[];
  /** File of a policy in the checkout. */
  readonly files: ReadonlyMap<string, string>;
  readonly counts: { readonly pods: number; readonly policies: number };
  /** The assumptions of the answer, and what it does not know. */
  readonly notes: readonly string[];
}

/** Lines of the apps that lose something, beside those that are always there. */
const APP_LINES = 20;

const MODES = {
  off: "no default deny of ours is applied yet",
  audit: "nothing is dropped yet: Cilium only logs",
  enforce: "default deny of ours is enforced with the next apply",
} as const;

/** At most about 40 lines. */
export const screen = (result: Result, file: string): string[] => {
  const { environment, mode, ready, lostNeeds, lostAccess, unknown, unaffected, counts, notes } = result;
  const needy = [...grouped(lostNeeds, ({ app }) => app)];
  const silent = lostAccess.filter(({ app }) => !needy.some(([name]) => name === app));
  const headline = ready
    ? `${environment}: yes. Default deny closes nothing of the GitOps side that is open today`
    : `${environment}: not yet. Default deny would close flows of ${someOf([...needy.map(([app]) => app), ...silent.map(({ app }) => app)], 30) || "apps that nobody could read"}`;
  return [
    headline,
    `  ${counts.pods} pods and ${counts.policies} policies of the GitOps side under ours; mode ${mode}: ${MODES[mode]}`,
    ...(needy.length === 0 ? [] : ["Would lose what they say they need:"]),
    ...fitting(needy.map(([app, needs]) => needLines(app, needs))),
    ...(silent.length === 0
      ? []
      : [
          "Would lose what is open, and nothing says they need it; look at what they do first (hubble observe --verdict AUDIT):",
          ...fitting(silent.map((access) => [`  ${access.app}: ${accessText(access)}`])),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          `Not known, their pods could not be read: ${someOf(
            unknown.map(({ app }) => app),
            12,
          )}`,
        ]),
    ...(unaffected.length === 0 ? [] : [`Lose nothing: ${someOf(unaffected, 8)}`]),
    ...leftOpenLines(result),
    ...notes.map((note) => `Note: ${note}`),
    `All of it: ${file}`,
  ];
};

/** Groups of lines up to a screen, and how many are left. */
const fitting = (groups: readonly (readonly string[])[]): string[] => {
  const shown: string[] = [];
  let left = 0;
  for (const group of groups) {
    if (left === 0 && shown.length + group.length <= APP_LINES / 2) shown.push(...group);
    else left++;
  }
  return left === 0 ? shown : [...shown, `  and ${left} apps more`];
};

const needLines = (app: string, needs: readonly Result["lostNeeds"][number][]): string[] => {
  const [first] = needs;
  if (!first) return [];
  const cures = [...new Set(needs.flatMap(({ cures }) => cures.map(({ text }) => text)))];
  const more = needs.length > 1 ? ` and ${needs.length - 1} more needs` : "";
  return [
    `  ${app}: ${someOf(first.from, 2)} → ${someOf(first.to, 2)} ${isEveryPort(first.ports) ? "on any port" : someOf(first.ports, 3)} (${first.why})${more}`,
    `    cure: ${cures[0]}${cures.length > 1 ? ` and ${cures.length - 1} more lines` : ""}`,
  ];
};

const accessText = ({ to, from }: LostAccess): string => {
  const ends = (names: readonly string[]) => {
    const named = ["the internet", "the Kubernetes API", "nodes"].filter((name) => names.includes(name));
    const apps = names.length - named.length;
    return [...named, ...(apps > 0 ? [`${apps} apps`] : [])].join(", ");
  };
  return [
    ...(to.length > 0 ? [`no way to ${ends(to)}`] : []),
    ...(from.length > 0 ? [`no way in from ${ends(from)}`] : []),
  ].join("; ");
};

const leftOpenLines = ({ leftOpen, files }: Result): string[] => {
  if (leftOpen.length === 0) return [];
  const kinds = [...grouped(leftOpen, ({ kind }) => kind)];
  return [
    "Stays open by their policies, and we call it closed; narrow the rule to those who need it:",
    ...kinds.map(([kind, groups]) => {
      const flows = groups.reduce((sum, group) => sum + group.flows.length, 0);
      const [widest] = groups;
      return `  ${kind}: ${flows} pairs by ${groups.length} rules, most by ${widest ? ruleText(widest, files) : ""}`;
    }),
  ];
};

const ruleText = ({ by, policy }: LeftOpen, files: Result["files"]): string => {
  const file = files.get(policy);
  return file === undefined ? by : `${by} (${file})`;
};

/** Everything, a line each. */
export const everything = ({
  lostNeeds,
  lostAccess,
  unknown,
  leftOpen,
  unaffected,
  files,
}: Result): string[] => [
  ...lostNeeds.flatMap(({ app, from, to, ports, why, cures }) => [
    `closes: ${app}: ${from.join(", ")} → ${to.join(", ")} on ${ports.join(", ")}: ${why}`,
    ...cures.map(({ text }) => `  cure: ${text}`),
  ]),
  ...lostAccess.map(
    ({ app, to, from }) =>
      `closes, unstated: ${app}: to ${to.join(", ") || "nobody"}; from ${from.join(", ") || "nobody"}`,
  ),
  ...unknown.map(({ app, namespace, why }) => `not known: ${app} in ${namespace}: ${why}`),
  ...leftOpen.flatMap((group) => [
    `stays open: ${group.kind}: ${group.flows.length} by ${ruleText(group, files)}`,
    ...group.flows.map((flow) => `  ${flow}`),
  ]),
  ...unaffected.map((app) => `loses nothing: ${app}`),
];
