/**
 * Which layers of an environment a workflow must deploy for the checked-out commit:
 *
 *     npm run scope -- dev --outputs FILE      adds platform=true|false and apps=true|false to the file
 *
 * Refused: an environment but dev whose layers nobody must approve. Needs GITHUB_TOKEN and GITHUB_REPOSITORY, and the
 * whole history. Exit codes: 0 said, 1 refused or not known, 2 unusable request.
 */

import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { mustRunSync, runCommandSync } from "../../lib/core/process/command.ts";
import type { GitHub } from "../automation/github.ts";
import { DEPLOYED_LAYERS, type History, mustDeploy } from "../automation/scope.ts";
import { environmentNames } from "../cli/environments.ts";
import { gitHubOfWorkflow } from "../cli/github.ts";
import { checkedOutCommit } from "../cli/judging.ts";

const git: History = {
  isAncestor: (older, newer) =>
    runCommandSync("git", ["merge-base", "--is-ancestor", older, newer]).code === 0,
  changedFiles: (older, newer) =>
    mustRunSync("git", ["diff", "--name-only", "-z", "--no-renames", older, newer])
      .split("\0")
      .filter(Boolean),
};

/** The only environment that is deployed without a person. */
const UNATTENDED = "dev";

const refuseUnreviewed = async (environment: string, github: GitHub): Promise<void> => {
  if (environment === UNATTENDED) return;
  for (const layer of DEPLOYED_LAYERS)
    if (!(await github.isReviewed(`${environment}-${layer}`)))
      throw new Error(
        `${environment}-${layer}: must be an environment of the repository with a required reviewer, who approves each plan`,
      );
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: { outputs: { type: "string" } },
    allowPositionals: true,
  });
  const [environment, ...rest] = positionals;
  if (environment === undefined || rest.length > 0 || !environmentNames.includes(environment))
    throw new Error(`usage: npm run scope -- <${environmentNames.join("|")}> [--outputs FILE]`);
  const github = gitHubOfWorkflow();
  try {
    await refuseUnreviewed(environment, github);
    for (const layer of DEPLOYED_LAYERS) {
      const last = await github.lastDeployed(`${environment}-${layer}`);
      const line = `${layer}=${mustDeploy(layer, last, checkedOutCommit(), git)}`;
      console.log(`${line} (last deployed: ${last ?? "never"})`);
      if (values.outputs !== undefined) appendFileSync(values.outputs, `${line}\n`);
    }
    return 0;
  } catch (error) {
    console.error(`scope: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`scope: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
