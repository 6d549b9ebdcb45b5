/** Steps for a person: what to do, the commands for it, and what must be seen before the next one. */
import type { NodeLifeCluster } from "./cluster.ts";

export interface Step {
  readonly title: string;
  /** Why, or what to know. */
  readonly notes?: readonly string[];
  readonly commands?: readonly string[];
  /** The sign that must be seen, or the way ends here. */
  readonly until?: string;
}

/** An edit of the environment's data, and the synthesis that must hold with it. */
export const editStep = (cluster: NodeLifeCluster, title: string, edits: readonly string[]): Step => ({
  title,
  notes: edits,
  commands: ["npm run synth", `git commit -m "…" -- ${cluster.file}`],
  until: "npm run synth is green: quorum, addresses and capacity hold",
});

export interface NodeLifePlan {
  readonly title: string;
  readonly steps: readonly Step[];
  /** Why it must not be done, and what to do instead; then there are no steps. */
  readonly refusals: readonly string[];
}

export const showNodeLife = ({ title, steps, refusals }: NodeLifePlan): string[] =>
  refusals.length > 0
    ? [`${title}: refused`, ...refusals.map((refusal) => `  - ${refusal.replaceAll("\n", "\n    ")}`)]
    : [title, ...steps.flatMap((step, index) => ["", ...showStep(step, index + 1)])];

const showStep = ({ title, notes = [], commands = [], until }: Step, number: number): string[] => [
  `${number}. ${title}`,
  ...notes.map((note) => `   ${note}`),
  ...commands.map((command) => `     ${command}`),
  ...(until === undefined ? [] : [`   Go on only when: ${until}`]),
];
