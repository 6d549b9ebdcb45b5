/**
 * Says what runs otherwise than the project says, read-only and without locking the state:
 *
 *     npm run drift -- prod [--report FILE]
 *
 * The report is the text of an issue: addresses of resources, no values. It is written only when there is a difference.
 * Exit codes: 0 no difference, 1 a stack could not be planned, 2 unusable request, 3 a difference.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { judging, synthesize } from "../cli/judging.ts";
import { readRequest } from "../deploy/request.ts";
import { driftReport, isComplete, review, reviewText } from "../deploy/review.ts";
import { SavedPlans } from "../deploy/saved-plan.ts";

const main = (): number => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { values, positionals } = parseArgs({
    options: { report: { type: "string" } },
    allowPositionals: true,
  });
  const { stacks } = readRequest(positionals, {}, environmentNames.map(environmentNamed));
  synthesize();
  const directory = mkdtempSync(join(tmpdir(), "drift-"));
  try {
    const plans = new SavedPlans(directory);
    const reviews = review(stacks, judging({}), (stack) => plans.prepare(stack), { lock: false });
    console.log(`\n${reviewText(reviews)}`);
    const report = driftReport(reviews);
    if (report !== undefined && values.report !== undefined) writeFileSync(values.report, report);
    if (!isComplete(reviews)) return 1;
    return report === undefined ? 0 : 3;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(`drift: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
