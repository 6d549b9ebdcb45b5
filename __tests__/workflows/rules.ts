/** The rules that every workflow must keep to. actionlint knows the syntax; these are the decisions of docs/adr/0011. */
import { parse } from "yaml";
import { commandLineProblems } from "../operations/cli/command-lines.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: readonly string[];
  readonly uses?: string;
  readonly "runs-on"?: string | readonly string[];
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly secrets?: unknown;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly strategy?: { readonly matrix: unknown };
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const readWorkflow = (text: string): Workflow => parse(text) as Workflow;

/** Triggers that hand secrets or a writing token to a stranger's change or words. */
const REFUSED_TRIGGERS = ["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion"];

const SELF_HOSTED = "self-hosted";
const NOT_A_FORK = "github.event.pull_request.head.repo.full_name == github.repository";

/** Rights to write that some job needs, and the workflow that has it. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "pull-requests": ["pull-request"],
  issues: ["nightly", "weekly"],
};

const lineOf = (text: string, needle: string): string =>
  text.split("\n").find((line) => line.includes(needle)) ?? "";

const usesProblems = (text: string, where: string, uses: string): string[] => {
  if (uses.startsWith("./")) return [];
  const pinned = /@[0-9a-f]{40}$/.test(uses) && /# v\d+\.\d+\.\d+$/.test(lineOf(text, uses));
  return pinned ? [] : [`${where}: ${uses} must be pinned by a commit, with its version as a comment`];
};

const runProblems = (where: string, run: string): string[] => {
  return [
    ...(run.includes("${{")
      ? [`${where}: a script must take values from its environment, not from an expression`]
      : []),
    ...(/\bset -x\b|\b(printenv|env)\b\s*($|[|>])|terraform (show|output|state pull)|\bcat\b.*tfplan/m.test(
      run,
    )
      ? [`${where}: must not print what may hold secrets`]
      : []),
    ...commandLineProblems(run).map((problem) => `${where}: ${problem}`),
  ];
};

const jobProblems = (name: string, text: string, id: string, job: Job, isPullRequest: boolean): string[] => {
  const where = `${name}.yml: ${id}`;
  const runner = [job["runs-on"] ?? []].flat();
  const { permissions, steps = [] } = job;
  const problems = [
    ...(permissions === undefined ? [`${where}: must name its permissions`] : []),
    ...Object.entries(permissions ?? {})
      .filter(([right, kind]) => kind !== "read" && !WRITES[right]?.includes(name))
      .map(([right, kind]) => `${where}: must not have ${right}: ${kind}`),
    ...(job.uses === undefined && job["timeout-minutes"] === undefined
      ? [`${where}: must have a time limit`]
      : []),
    ...(job.secrets === undefined ? [] : [`${where}: must not hand on secrets`]),
    ...(isPullRequest && runner.includes(SELF_HOSTED) && !job.if?.includes(NOT_A_FORK)
      ? [`${where}: must not run a fork's code on the homelab's runner`]
      : []),
    ...(job.uses === undefined ? [] : usesProblems(text, where, job.uses)),
  ];
  const perStep = steps.flatMap(({ uses, run, with: given }) => [
    ...(uses === undefined ? [] : usesProblems(text, where, uses)),
    ...(run === undefined ? [] : runProblems(where, run)),
    ...(uses?.startsWith("actions/checkout@") && given?.["persist-credentials"] !== false
      ? [`${where}: a checkout must not leave the token behind`]
      : []),
    ...(uses?.includes("upload-artifact@") ? [`${where}: nothing of a plan may become an artifact`] : []),
  ]);
  return [...problems, ...perStep];
};

/** Problems of a workflow; `name` is that of its file, without `.yml`. */
export const workflowProblems = (name: string, text: string): string[] => {
  const { on, permissions, jobs } = readWorkflow(text);
  const triggers = Object.keys(on);
  return [
    ...triggers
      .filter((trigger) => REFUSED_TRIGGERS.includes(trigger))
      .map((trigger) => `${name}.yml: must not be triggered by ${trigger}`),
    ...(permissions !== undefined && Object.keys(permissions).length === 0
      ? []
      : [`${name}.yml: must begin without permissions`]),
    ...(/\bsecrets\.(?!GITHUB_TOKEN)/.test(text) ? [`${name}.yml: must not use a stored secret`] : []),
    ...Object.entries(jobs).flatMap(([id, job]) =>
      jobProblems(name, text, id, job, triggers.includes("pull_request")),
    ),
  ];
};
