/**
 * Publishes a report from a workflow, in the place of the last one of its name:
 *
 *     npm run publish-report -- comment --pull-request 12 --name plan FILE
 *     npm run publish-report -- issue --name drift --title "Drift" FILE     an empty or missing file closes the issue
 *
 * Needs GITHUB_TOKEN and GITHUB_REPOSITORY. Exit codes: 0 published, 1 GitHub refused, 2 unusable request.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { publishComment, publishIssue } from "../automation/publish.ts";
import { gitHubOfWorkflow } from "../cli/github.ts";

const arguments_ = () => {
  const { values, positionals } = parseArgs({
    options: { "pull-request": { type: "string" }, name: { type: "string" }, title: { type: "string" } },
    allowPositionals: true,
  });
  const [kind, file, ...rest] = positionals;
  const { name, title, "pull-request": number = "" } = values;
  const isComment = kind === "comment" && /^[1-9]\d*$/.test(number) && title === undefined;
  const isIssue = kind === "issue" && number === "" && title !== undefined;
  if (file === undefined || rest.length > 0 || name === undefined || !(isComment || isIssue))
    throw new Error(
      "usage: npm run publish-report -- comment --pull-request N --name NAME FILE\n" +
        "       npm run publish-report -- issue --name NAME --title TITLE FILE",
    );
  return { name, file, target: title === undefined ? { pullRequest: Number(number) } : { title } };
};

const main = async (): Promise<number> => {
  const { name, file, target } = arguments_();
  const report = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if ("pullRequest" in target && report === "") throw new Error(`${file}: must hold a report`);
  const github = gitHubOfWorkflow();
  try {
    if ("pullRequest" in target) await publishComment(github, target.pullRequest, name, report);
    else await publishIssue(github, name, target.title, report === "" ? undefined : report);
    return 0;
  } catch (error) {
    console.error(`publish-report: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`publish-report: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
