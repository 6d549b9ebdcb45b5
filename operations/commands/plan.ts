/**
 * Plans stacks and judges the plans, and applies nothing:
 *
 *     npm run plan -- prod                         every stack of prod
 *     npm run plan -- prod-apps --out DIR          one stack, whose plan is kept: npm run deploy -- prod-apps --plan DIR
 *         [--markdown FILE]       adds the report to a file as Markdown: addresses and rules, no values
 *         [--outputs FILE]        adds changes=true|false, and digest=… with --out, to a file, as a CI job hands them on
 *         [--no-lock]             does not lock the state: enough to look, with no right to write
 *         [--etcd-members FILE] [--quota-use FILE]   see npm run guard
 *
 * Exit codes: 0 all planned and nothing refused, 1 not, 2 unusable request.
 */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { checkedOutCommit, EVIDENCE_OPTIONS, evidenceFrom, judging, synthesize } from "../cli/judging.ts";
import { readRequest, type StackRequest } from "../deploy/request.ts";
import { keep, passes, review, reviewMarkdown, reviewText } from "../deploy/review.ts";
import { SavedPlans } from "../deploy/saved-plan.ts";

const arguments_ = () =>
  parseArgs({
    options: {
      out: { type: "string" },
      markdown: { type: "string" },
      outputs: { type: "string" },
      "no-lock": { type: "boolean", default: false },
      ...EVIDENCE_OPTIONS,
    },
    allowPositionals: true,
  });

const stacksOf = (names: readonly string[], out: string | undefined): readonly StackRequest[] => {
  const { stacks } = readRequest(names, {}, environmentNames.map(environmentNamed));
  if (out !== undefined && stacks.length !== 1)
    throw new Error("--out: keeps the plan of one stack: the next layer reads what its apply makes");
  return stacks;
};

const main = (): number => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { values, positionals } = arguments_();
  const { out, markdown, outputs, "no-lock": noLock } = values;
  const stacks = stacksOf(positionals, out);
  const tools = judging(evidenceFrom(values));
  synthesize();
  const directory = out ?? mkdtempSync(join(tmpdir(), "plan-"));
  try {
    const plans = new SavedPlans(directory);
    const reviews = review(stacks, tools, (stack) => plans.prepare(stack), { lock: !noLock });
    console.log(`\n${reviewText(reviews)}`);
    const saved = out === undefined ? [] : keep(plans, reviews, checkedOutCommit(), new Date());
    const keptAs = saved.map(({ digest }) => `\nKept to be applied as \`${digest}\`.\n`).join("");
    if (markdown !== undefined) appendFileSync(markdown, `${reviewMarkdown(reviews)}${keptAs}\n`);
    for (const { stack, digest } of saved)
      console.log(`\nkept: npm run deploy -- ${stack} --plan ${out} --approved ${digest}`);
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

try {
  process.exitCode = main();
} catch (error) {
  console.error(`plan: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
