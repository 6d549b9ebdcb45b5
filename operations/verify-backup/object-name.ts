import { z } from "zod";

/** The facts in the name of a snapshot: `<cluster>-<time>.snap[.zst][.age]`, as talos-backup writes it. */
export interface ObjectName {
  readonly cluster: string;
  /** The time at which the snapshot was begun, by the clock of the pod. */
  readonly time: Date;
}

const NAME = /^(?<cluster>.+?)-(?<time>\d{4}-\d\d-\d\dT.*)\.snap(?:\.zst)?(?:\.age)?$/;
const ENDING = /\.snap(?:\.zst)?(?:\.age)?$/;
const Time = z.iso.datetime({ offset: true });

/** The last part of a key or a path. */
export const baseName = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

export const isSnapshotName = (key: string): boolean => ENDING.test(key);

/** Parses the name; undefined when it holds no valid time. */
export const parseObjectName = (key: string): ObjectName | undefined => {
  const { cluster, time } = NAME.exec(baseName(key))?.groups ?? {};
  return cluster !== undefined && Time.safeParse(time).success
    ? { cluster, time: new Date(time as string) }
    : undefined;
};
