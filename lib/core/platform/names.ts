/** Names that an environment gives to what is made in its cluster. */
export interface Names {
  /** Beginning of the names of priority classes, address pools, dashboards and the root application. */
  readonly prefix: string;
  /** Owner of fields that are applied server-side; labels of claims begin with it. */
  readonly manager: string;
  /**
   * Domain of the labels and annotations by which admission policies of the cluster size containers and let them be root.
   * @default - no policy reads any
   */
  readonly sizing?: string | undefined;
}

export const USUAL_NAMES: Names = { prefix: "homelab", manager: "homelab" };

/** Key of a construct's context that holds the field manager. */
export const MANAGER_CONTEXT = "fieldManager";

const ROOT_APP = "-app-of-apps";

/** Name of the one Application that GitOps starts from. */
export const rootAppName = (prefix: string): string => `${prefix}${ROOT_APP}`;

/** Tells if an Application of that name is the one that GitOps starts from. */
export const isRootApp = (name: string | undefined): boolean => name?.endsWith(ROOT_APP) === true;

/** Labels of Applications and projects that Terraform makes. */
export const managedLabels = (prefix: string, environment: string): Record<string, string> => ({
  [`${prefix}.lab/environment`]: environment,
  [`${prefix}.lab/managed-by`]: "terraform",
});

/** Tells if these are labels of an Application that Terraform made. */
export const areManagedLabels = (labels: object): boolean =>
  Object.keys(labels).some((key) => key.endsWith(".lab/environment"));

/** Label by which a claim says on which schedule it is backed up. */
export const volumeBackupLabel = (manager: string): string => `${manager}/volume-backup`;
