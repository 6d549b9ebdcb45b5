import { UsageError } from "../../lib/core/usage-error.ts";
import { GitHub } from "./github.ts";

/** The repository that a workflow runs for. Throws when this is no workflow. */
export const gitHubOfWorkflow = (): GitHub => {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: url } = process.env;
  if (!token || !repository)
    throw new UsageError("GITHUB_TOKEN and GITHUB_REPOSITORY must be set, as in a workflow");
  return new GitHub({ token, repository, ...(url !== undefined && { url }) });
};
