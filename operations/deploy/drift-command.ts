/** `homelab drift`: what it says and returns. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { judging, writeSynthesis } from "./judging.ts";
import { readRequest } from "./request.ts";
import { driftReport, isComplete, review, reviewsAsJson, reviewText } from "./review.ts";
import { SavedPlans } from "./saved-plan.ts";

export interface DriftRequest {
  /** File for the text of an issue, written only when there is a difference. */
  readonly report?: string | undefined;
  readonly json: boolean;
}

const CANNOT_RUN_HERE = 77;

/** Returns the exit code. */
export const driftCommand = (
  names: readonly string[],
  { report: file, json }: DriftRequest,
  log: (line: string) => void,
): number => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { stacks } = readRequest(names, {}, environmentNames.map(environmentNamed));
  writeSynthesis();
  const directory = mkdtempSync(join(tmpdir(), "drift-"));
  try {
    const plans = new SavedPlans(directory);
    const reviews = review(stacks, judging({}), (stack) => plans.prepare(stack), { lock: false });
    log(json ? JSON.stringify(reviewsAsJson(reviews), null, 2) : `\n${reviewText(reviews)}`);
    const report = driftReport(reviews);
    if (report !== undefined && file !== undefined) writeFileSync(file, report);
    if (!isComplete(reviews)) return CANNOT_RUN_HERE;
    return report === undefined ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
