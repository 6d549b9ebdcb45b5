/** Volumes of apps, by the classes of the homelab. */
import type { VolumeBackupChoice } from "../backup/volume-backup.ts";

/** Storage classes that vixens installs: Synology by iSCSI, and directories of the node. */
export const STORAGE_CLASSES = [
  "synelia-iscsi-retain",
  "synelia-iscsi-delete",
  "synelia-iscsi-xfs-retain",
  "synelia-iscsi-xfs-delete",
  "local-path-retain",
  "local-path-delete",
] as const;

/** The system extension that a node needs for claims of a class; none for directories of the node itself. */
export const extensionOf = (storageClass: string): string | undefined =>
  storageClass.includes("iscsi") ? "siderolabs/iscsi-tools" : undefined;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** A claim of an app. */
export interface Volume {
  /** Storage class of the claim. */
  readonly class: StorageClass;
  /** E.g. `10Gi`. A claim grows, and never shrinks. */
  readonly size: string;
  /** Where an image finds it. Charts name the claim in their values: see `claimName`. @default - the chart's own place */
  readonly mount?: string;
  /** True when the chart makes the claim itself: then it is only counted. @default false */
  readonly madeByChart?: boolean;
  /**
   * How often it is backed up, or why it need not be.
   * @default "daily"
   */
  readonly backup?: VolumeBackupChoice;
}

/** The claim of a volume: `<app>-<volume>`. */
export const claimName = (app: string, volume: string): string => `${app}-${volume}`;
