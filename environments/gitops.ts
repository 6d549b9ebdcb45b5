/** The programs that can sync the repository of GitOps; `none` for nobody. */
export const GITOPS_ENGINES = ["argocd", "flux", "none"] as const;

export type GitopsEngine = (typeof GITOPS_ENGINES)[number];

interface Synced {
  readonly name: string;
  readonly gitops: {
    readonly engine: GitopsEngine;
    readonly revision: string;
    readonly path?: string | undefined;
  };
}

/** The engine that syncs; `none` also where the revision says so. */
export const engineOf = ({ gitops }: Pick<Synced, "gitops">): GitopsEngine =>
  gitops.revision === "none" ? "none" : gitops.engine;

/** The directory of the repository that is synced. */
export const gitopsPath = ({ name, gitops }: Synced): string =>
  gitops.path ?? (gitops.engine === "flux" ? `clusters/${name}` : `argocd/overlays/${name}`);
