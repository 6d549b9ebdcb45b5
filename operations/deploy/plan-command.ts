/** `homelab plan`: what it says and returns. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../lib/core/usage-error.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { type EvidenceFiles, evidenceFrom } from "../guard/evidence.ts";
import { checkedOutCommit, judging, writeSynthesis } from "./judging.ts";
import { readDeployRequest, type StackRequest } from "./request.ts";
import { keep, passes, review, reviewMarkdown, reviewsAsJson, reviewText } from "./review.ts";
import { SavedPlans } from "./saved-plan.ts";

export interface PlanRequest extends EvidenceFiles {
  /** Directory that keeps the plan of one stack. */
  readonly out?: string | undefined;
  /** File that the report is added to as Markdown: addresses and rules, no values. */
  readonly markdown?: string | undefined;
  /** File that `changes` and `digest` are added to, as a job hands them on. */
  readonly outputs?: string | undefined;
  /** Lock the state. */
  readonly lock: boolean;
  readonly json: boolean;
}

const stacksOf = (names: readonly string[], out: string | undefined): readonly StackRequest[] => {
  const { stacks } = readDeployRequest(names, {}, environmentNames.map(environmentNamed));
  if (out !== undefined && stacks.length !== 1)
    throw new UsageError("--out: keeps the plan of one stack: the next layer reads what its apply makes");
  return stacks;
};

/** Returns the exit code. */
export const planCommand = (
  names: readonly string[],
  request: PlanRequest,
  log: (line: string) => void,
): number => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { out, markdown, outputs, lock, json } = request;
  const stacks = stacksOf(names, out);
  const tools = judging(evidenceFrom(request));
  writeSynthesis();
  const directory = out ?? mkdtempSync(join(tmpdir(), "plan-"));
  try {
    const plans = new SavedPlans(directory);
    const reviews = review(stacks, tools, (stack) => plans.prepare(stack), { lock });
    const saved = out === undefined ? [] : keep(plans, reviews, checkedOutCommit(), new Date());
    if (json) log(JSON.stringify(reviewsAsJson(reviews, saved), null, 2));
    else log(`\n${reviewText(reviews)}`);
    const keptAs = saved.map(({ digest }) => `\nKept to be applied as \`${digest}\`.\n`).join("");
    if (markdown !== undefined) appendFileSync(markdown, `${reviewMarkdown(reviews)}${keptAs}\n`);
    if (!json)
      for (const { stack, digest } of saved)
        log(`\nkept: npm run homelab -- deploy ${stack} --plan ${out} --approved ${digest}`);
    if (outputs !== undefined)
      appendFileSync(
        outputs,
        `changes=${saved.length > 0}\n${saved.map(({ digest }) => `digest=${digest}\n`).join("")}`,
      );
    return passes(reviews) ? 0 : 1;
  } finally {
    if (out === undefined) rmSync(directory, { recursive: true, force: true });
  }
};
