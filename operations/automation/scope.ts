/** Layers that an automation deploys. Machines and the bucket that outlives them are deployed by a person. */
export const DEPLOYED_LAYERS = ["platform", "apps"] as const;

export type DeployedLayer = (typeof DEPLOYED_LAYERS)[number];

/** Files that no stack is made of. */
const BESIDE = /^(docs|__tests__|labs|\.github|\.ci)\/|\.md$|^renovate\.json$/;

/** Files of the apps stack alone. */
const APPS_ALONE = /^apps\//;

/** True when a change of a file can change what a layer synthesizes to. */
export const concerns = (layer: DeployedLayer, file: string): boolean =>
  !BESIDE.test(file) && (layer === "apps" || !APPS_ALONE.test(file));

/** Git's knowledge of two commits. */
export interface History {
  isAncestor(older: string, newer: string): boolean;
  /** Files that differ, from the root of the project. */
  changedFiles(older: string, newer: string): readonly string[];
}

/**
 * True when a layer must be deployed to come from the commit that it was last deployed from to another. A layer that
 * was never deployed, or from a commit that is no longer there, must be.
 *
 * Throws when the other commit is older: to go back is a person's decision, by a revert.
 */
export const mustDeploy = (
  layer: DeployedLayer,
  last: string | undefined,
  commit: string,
  history: History,
): boolean => {
  if (last === undefined) return true;
  if (last !== commit && history.isAncestor(commit, last))
    throw new Error(
      `${layer}: ${commit} is older than ${last}, which is deployed: revert instead of going back`,
    );
  if (!history.isAncestor(last, commit)) return true;
  return history.changedFiles(last, commit).some((file) => concerns(layer, file));
};
