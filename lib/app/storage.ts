/** Volumes of apps, by the classes of their environment. */
import type { VolumeBackupChoice } from "../backup/volume-backup.ts";

/** A claim of an app. */
export interface Volume {
  /** One of the environment's `storageClasses`. */
  readonly class: string;
  /** E.g. `10Gi`. A claim grows, and never shrinks. */
  readonly size: string;
  /** The path at which an image finds it; charts name the claim in their values. @default - the chart's own place */
  readonly mount?: string;
  /**
   * `many nodes` for a claim that pods of several nodes mount at once; its class must be able to.
   * @default "one node"
   */
  readonly access?: "one node" | "many nodes";
  /**
   * True when the chart, or an operator, makes the claim itself: then it is only counted. The volume is called as that
   * claim, and must say what backs it up, since Velero reads claims of this project alone. @default false
   */
  readonly madeByChart?: boolean;
  /**
   * The rhythm of its backups by Velero, the reason why it needs none, or what else saves it.
   * @default "daily"
   */
  readonly backup?: VolumeBackupChoice;
}

/** The access mode of a volume, as Kubernetes calls it. */
export const accessMode = ({ access }: { readonly access?: Volume["access"] | undefined }): string =>
  access === "many nodes" ? "ReadWriteMany" : "ReadWriteOnce";

/** The claim of a volume: `<app>-<volume>`. */
export const claimName = (app: string, volume: string): string => `${app}-${volume}`;
