/** Runbook for a loss: one scenario for one environment, as data. */
import type { Step } from "../node-life/step.ts";

/** A step, with the record of who has run it. A step counts as never run until something runs its commands. */
export interface RunbookStep extends Step {
  /**
   * The run that executed it.
   * @default - nothing: never run against a Talos machine
   */
  readonly ranBy?: "drill" | "drill of volumes" | "end-to-end run";
}

/** The amount of a loss, or the length of a recovery. */
export interface Figure {
  readonly value: string;
  /** `computed` follows from the environment; `estimated` is a judgement that nobody has checked with a clock. */
  readonly basis: "computed" | "estimated";
  readonly why: string;
}

export interface Runbook {
  /** Name of the scenario and of the file, e.g. `lost-node`. */
  readonly name: string;
  readonly title: string;
  readonly notice: readonly string[];
  /** Recovery point: what is lost at most. */
  readonly loses: Figure;
  /** Recovery time. */
  readonly takes: Figure;
  /**
   * Warnings of what makes the steps below worthless as things are.
   * @default - nothing
   */
  readonly warnings?: readonly string[];
  readonly steps: readonly RunbookStep[];
  /** Signs that it worked. */
  readonly worked: readonly string[];
}

const NOT_RUN = "*Not run: nobody has done this on a Talos machine.*";
const RAN_BY: Readonly<Record<NonNullable<RunbookStep["ranBy"]>, string>> = {
  drill: "*Run by the drill, with the same commands ([record](../drill.md)).*",
  "drill of volumes":
    "*Run by `npm run homelab -- drill-volumes`, with the same commands, against Velero's own server, node agent and kopia; kubelet, storage and Argo CD are played there ([record](../../adr/0013-volume-backup.md)).*",
  "end-to-end run":
    "*Run by `npm run homelab -- e2e`, with the same commands, after each apply of platform and apps that it kills.*",
};

const list = (lines: readonly string[]): string[] => lines.map((line) => `- ${line}`);

const figure = ({ value, basis, why }: Figure): string => `**${value}** (${basis}). ${why}`;

const step = ({ title, notes = [], commands = [], until, ranBy }: RunbookStep, number: number): string[] => [
  `### ${number}. ${title}`,
  ...(commands.length === 0 ? [] : [ranBy === undefined ? NOT_RUN : RAN_BY[ranBy], ""]),
  ...(notes.length === 0 ? [] : [...list(notes), ""]),
  ...(commands.length === 0 ? [] : ["```sh", ...commands, "```", ""]),
  ...(until === undefined ? [] : [`Go on only when: ${until}.`, ""]),
];

/** The runbook as Markdown, for people who are in a hurry. */
export const runbookMarkdown = (environment: string, runbook: Runbook): string => {
  const { name, title, notice, loses, takes, warnings = [], steps, worked } = runbook;
  const lines = [
    `# ${environment}: ${title}`,
    "",
    `Written by \`npm run homelab -- runbook ${environment} ${name}\` from \`environments/${environment}.ts\`: change it there.`,
    "",
    ...(warnings.length === 0 ? [] : [...warnings.map((warning) => `> **As things are:** ${warning}`), ""]),
    "## How you notice",
    ...list(notice),
    "",
    `**Lost at most (RPO):** ${figure(loses)}`,
    "",
    `**Takes (RTO):** ${figure(takes)}`,
    "",
    "## Steps",
    ...steps.flatMap((each, index) => step(each, index + 1)),
    "## How you know that it worked",
    ...list(worked),
  ];
  return `${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
};
