import { cell, markdownReport, summaryOf, textReport } from "../guard/verdict-report.ts";
import { type Failure, type Judged, type JudgeTools, type PlanLimits, planAndJudge } from "./judge.ts";
import { type MachineReview, machineReport } from "./machine-review.ts";
import { directoryOf, type StackRequest } from "./request.ts";
import type { SavedPlan, SavedPlans } from "./saved-plan.ts";

/** A stack and what was found of it. */
export interface Review {
  readonly stack: string;
  readonly found: Judged | Failure;
}

/**
 * Plans and judges every stack and applies none; one that cannot be planned does not keep the others from it.
 *
 * @param fileOf - where the plan of a stack goes, from the stack's directory
 */
export const review = (
  stacks: readonly StackRequest[],
  tools: JudgeTools,
  fileOf: (stack: string) => string,
  limits: PlanLimits = {},
): Review[] =>
  stacks.map((stack) => ({
    stack: stack.name,
    found: planAndJudge(stack, directoryOf(stack.name), fileOf(stack.name), tools, limits),
  }));

/** True when all stacks could be planned. */
export const isComplete = (reviews: readonly Review[]): boolean =>
  reviews.every(({ found }) => !("failed" in found));

/** True when all stacks could be planned and nothing is refused. */
export const passes = (reviews: readonly Review[]): boolean =>
  reviews.every(({ found }) => !("failed" in found) && found.verdict.passes);

/** Keeps each plan that may be applied and would do something, and throws the others away. */
export const keep = (plans: SavedPlans, reviews: readonly Review[], commit: string, now: Date): SavedPlan[] =>
  reviews.flatMap(({ stack, found }) => {
    if (!("failed" in found) && found.verdict.passes && found.changes)
      return [plans.keep(stack, directoryOf(stack), commit, now)];
    plans.discard(stack);
    return [];
  });

/** Reviews for programs: the verdict or the failure of each stack, and the digest of a plan that was kept. */
export const reviewsAsJson = (reviews: readonly Review[], saved: readonly SavedPlan[] = []) =>
  reviews.map(({ stack, found }) => {
    const digest = saved.find((each) => each.stack === stack)?.digest;
    if ("failed" in found) return { stack, failed: found.failed };
    return { stack, changes: found.changes, ...(digest !== undefined && { digest }), verdict: found.verdict };
  });

/** Reviews as plain lines, for a terminal; Terraform's own words on a failure are among them. */
export const reviewText = (reviews: readonly Review[]): string =>
  reviews
    .map(({ stack, found }) =>
      "failed" in found ? `${stack}: NOT PLANNED: ${found.failed}` : textReport(stack, found.verdict),
    )
    .join("\n\n");

/**
 * Reviews as Markdown, to be published: addresses and rules, no values, and so none of Terraform's words on a
 * failure.
 */
export const reviewMarkdown = (reviews: readonly Review[]): string =>
  reviews
    .map(({ stack, found }) =>
      "failed" in found
        ? `### ❌ ${stack}: could not be planned\n\nThe log of the run says why.\n`
        : markdownReport(stack, found.verdict),
    )
    .join("\n");

const list = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [head, "", ...lines.map((line) => `- \`${cell(line)}\``), ""];

/** The difference of one stack from what runs, or nothing. */
const stackDrift = ({ stack, found }: Review): string[] => {
  if ("failed" in found)
    return [
      `## ${stack}`,
      "",
      "Could not be planned: whether it drifted is unknown. The log of the run says why.",
      "",
    ];
  const { verdict, changes } = found;
  if (!changes) return [];
  return [
    `## ${stack}`,
    "",
    verdict.changes.length > 0 ? `A deploy would say: ${summaryOf(verdict)}.` : "Only outputs differ.",
    "",
    ...list("Changed by somebody else:", verdict.drifted),
    ...list(
      "Differs from the project:",
      verdict.changes.map(({ kind, address }) => `${kind}: ${address}`),
    ),
  ];
};

/**
 * The text of an issue about what runs otherwise than the project says: addresses of resources, never a value. Nothing
 * when there is no difference.
 */
export const driftReport = (
  reviews: readonly Review[],
  machines: readonly MachineReview[] = [],
): string | undefined => {
  const parts = [...reviews.flatMap(stackDrift), ...machineReport(machines)];
  if (parts.length === 0) return undefined;
  return [
    ...parts,
    "To go on: when the change by hand was wrong, `npm run homelab -- deploy` puts it right; when it was right, write it into the",
    "project first. What only differs because it was not deployed yet goes away with the deploy.",
    "",
  ].join("\n");
};
