/** `homelab publish-report`: what it says and returns. */
import { existsSync, readFileSync } from "node:fs";
import { UsageError } from "../../lib/core/usage-error.ts";
import { publishComment, publishIssue } from "./publish.ts";
import { gitHubOfWorkflow } from "./workflow.ts";

const reportIn = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8").trim() : "");

/** Publishes a comment; returns the exit code. */
export const publishCommentCommand = async (
  file: string,
  { pullRequest, name }: { readonly pullRequest: string; readonly name: string },
): Promise<number> => {
  if (!/^[1-9]\d*$/.test(pullRequest))
    throw new UsageError(`--pull-request: must be a number: got ${JSON.stringify(pullRequest)}`);
  const report = reportIn(file);
  if (report === "") throw new UsageError(`${file}: must hold a report`);
  await publishComment(gitHubOfWorkflow(), Number(pullRequest), name, report);
  return 0;
};

/** Publishes an issue, or closes it; returns the exit code. */
export const publishIssueCommand = async (
  file: string,
  { title, name }: { readonly title: string; readonly name: string },
): Promise<number> => {
  await publishIssue(gitHubOfWorkflow(), name, title, reportIn(file) || undefined);
  return 0;
};
