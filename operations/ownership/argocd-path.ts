import { gitopsPath } from "../../environments/gitops.ts";
import type { Environment } from "../../environments/schema.ts";
import { UsageError } from "../../lib/core/usage-error.ts";

/** The directory of Applications that ArgoCD syncs; refuses an environment whose repository another engine syncs. */
export const argocdPath = (environment: Pick<Environment, "name" | "gitops">): string => {
  const { name, gitops } = environment;
  if (gitops.engine !== "argocd")
    throw new UsageError(
      `${name}: gitops.engine is ${gitops.engine}: only what ArgoCD syncs is read, its Applications and their sources`,
    );
  return gitopsPath(environment);
};
