/** `homelab scope`: what it says and returns. */
import { appendFileSync } from "node:fs";
import { mustRunSync, runCommandSync } from "../../lib/core/process/command.ts";
import { environmentNamed } from "../cli/environments.ts";
import type { GitHub } from "./github.ts";
import { DEPLOYED_LAYERS, type History, mustDeploy } from "./scope.ts";
import { gitHubOfWorkflow } from "./workflow.ts";

const git: History = {
  isAncestor: (older, newer) =>
    runCommandSync("git", ["merge-base", "--is-ancestor", older, newer]).code === 0,
  changedFiles: (older, newer) =>
    mustRunSync("git", ["diff", "--name-only", "-z", "--no-renames", older, newer])
      .split("\0")
      .filter(Boolean),
};

/** Production is deployed by nobody's hand but a reviewer's. */
const refuseUnreviewed = async (environment: string, github: GitHub): Promise<void> => {
  if (!environmentNamed(environment).production) return;
  for (const layer of DEPLOYED_LAYERS)
    if (!(await github.isReviewed(`${environment}-${layer}`)))
      throw new Error(
        `${environment}-${layer}: must be an environment of the repository with a required reviewer, who approves each plan`,
      );
};

/** Returns the exit code. */
export const scopeCommand = async (
  environment: string,
  outputs: string | undefined,
  out: (line: string) => void,
): Promise<number> => {
  const github = gitHubOfWorkflow();
  const commit = mustRunSync("git", ["rev-parse", "HEAD"]).trim();
  await refuseUnreviewed(environment, github);
  for (const layer of DEPLOYED_LAYERS) {
    const last = await github.lastDeployed(`${environment}-${layer}`);
    const line = `${layer}=${mustDeploy(layer, last, commit, git)}`;
    out(`${line} (last deployed: ${last ?? "never"})`);
    if (outputs !== undefined) appendFileSync(outputs, `${line}\n`);
  }
  return 0;
};
