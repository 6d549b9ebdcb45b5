import { stringify } from "yaml";
import { volumeBackupLabel } from "../core/platform/names.ts";
import { VeleroSchedule } from "./velero-objects.ts";

/** Namespace of Velero, of its Schedules and of its credentials. */
export const VELERO_NAMESPACE = "velero";
/** The kind of object that backs up its volumes, as `group/Kind`. */
export const SCHEDULE_KIND = "velero.io/Schedule";

/** Name of Velero's BackupStorageLocation. */
export const VELERO_LOCATION = "default";

/** Secret with Velero's credentials, and its key: the value of the chart's `credentials.existingSecret`. */
export const VELERO_CREDENTIALS = { name: "velero-s3", key: "cloud" } as const;

/**
 * Schedules of volume backups (UTC), with the number of days that a backup is kept. The homelab's own: every night
 * for 30 days, on Sundays for 90.
 */
export const VOLUME_SCHEDULES = {
  daily: { schedule: "0 2 * * *", keepDays: 30 },
  weekly: { schedule: "0 4 * * 0", keepDays: 90 },
} as const;

export type VolumeScheduleName = keyof typeof VOLUME_SCHEDULES;

/** The schedule on which Velero backs a claim up, the reason why nobody would miss it, or what else saves it. */
export type VolumeBackupChoice = VolumeScheduleName | { readonly off: string } | { readonly by: string };

/** The reason why Velero does not read a claim; undefined when it does. */
export const withoutVelero = (backup: VolumeBackupChoice): string | undefined =>
  typeof backup === "string" ? undefined : "off" in backup ? backup.off : backup.by;

/** A claim of an app, as far as its backup is concerned. */
export interface VolumeClaim {
  readonly namespace: string;
  /** Name of the PersistentVolumeClaim. */
  readonly name: string;
  readonly backup: VolumeBackupChoice;
}

/** Labels of a claim that Velero's policy selects by: whoever makes the PersistentVolumeClaim puts them on it. */
export const volumeBackupLabels = (
  backup: VolumeBackupChoice,
  manager: string,
): Readonly<Record<string, string>> => ({
  [volumeBackupLabel(manager)]: typeof backup === "string" ? backup : "off",
});

/**
 * Policy that selects the volumes of a schedule: those whose claims ask for it, and no others. The first policy that
 * fits decides; a volume that none fits is not read, as the Schedule's default is off.
 */
export interface VolumePolicy {
  /** Name of the ConfigMap, in Velero's namespace. */
  readonly name: string;
  /** Its only value. */
  readonly data: { readonly "policy.yaml": string };
}

export interface VolumeBackup {
  readonly schedules: readonly VeleroSchedule[];
  readonly policies: readonly VolumePolicy[];
  /** Claims that nothing backs up, each with its reason, for reports. */
  readonly optedOut: readonly { readonly claim: string; readonly reason: string }[];
  /** Problems, a line each; when there are any, there are no objects. */
  readonly problems: readonly string[];
}

/**
 * The backups that a set of claims asks for: one Schedule and one policy for each way to be backed up that occurs.
 *
 * The seam for apps: collect the claims of an environment, put `volumeBackupLabels` on each, and apply what this
 * returns where Velero's CRDs are. Without a claim there is nothing to apply.
 *
 * Refused: a claim twice; an unknown schedule; an opt-out without a reason.
 */
export const volumeBackup = (claims: readonly VolumeClaim[], manager: string): VolumeBackup => {
  const problems = claims.flatMap((claim, index) => claimProblems(claim, claims.slice(0, index)));
  if (problems.length > 0) return { schedules: [], policies: [], optedOut: [], problems };
  const names = (Object.keys(VOLUME_SCHEDULES) as VolumeScheduleName[]).filter((name) =>
    claims.some(({ backup }) => backup === name),
  );
  return {
    schedules: names.map((name) => scheduleOf(name, claims)),
    policies: names.map((name) => policyOf(name, manager)),
    optedOut: claims.flatMap(({ namespace, name, backup }) =>
      typeof backup === "string"
        ? []
        : [{ claim: `${namespace}/${name}`, reason: withoutVelero(backup) ?? "" }],
    ),
    problems,
  };
};

/** Name of a schedule's objects, which Velero's metrics carry as `schedule`. */
export const volumeScheduleName = (name: VolumeScheduleName): string => `volumes-${name}`;

const scheduleOf = (name: VolumeScheduleName, claims: readonly VolumeClaim[]): VeleroSchedule => {
  const namespaces = claims.filter(({ backup }) => backup === name).map(({ namespace }) => namespace);
  return new VeleroSchedule({
    name: volumeScheduleName(name),
    namespace: VELERO_NAMESPACE,
    ...VOLUME_SCHEDULES[name],
    includedNamespaces: [...new Set(namespaces)].sort(),
    storageLocation: VELERO_LOCATION,
    resourcePolicy: volumeScheduleName(name),
  });
};

const policyOf = (name: VolumeScheduleName, manager: string): VolumePolicy => ({
  name: volumeScheduleName(name),
  data: {
    "policy.yaml": stringify({
      version: "v1",
      volumePolicies: [
        { conditions: { pvcLabels: volumeBackupLabels(name, manager) }, action: { type: "fs-backup" } },
      ],
    }),
  },
});

const claimProblems = (
  { namespace, name, backup }: VolumeClaim,
  before: readonly VolumeClaim[],
): string[] => {
  const path = `claims.${namespace}/${name}`;
  const got = JSON.stringify(backup);
  const known = Object.keys(VOLUME_SCHEDULES);
  return [
    ...(before.some((other) => other.namespace === namespace && other.name === name)
      ? [`${path}: must be named once: got it twice`]
      : []),
    ...(typeof backup === "string" && !known.includes(backup)
      ? [`${path}.backup: must be one of ${known.join(", ")}, or { off: reason }: got ${got}`]
      : []),
    ...((withoutVelero(backup)?.trim().length ?? 10) < 10
      ? [`${path}.backup: must say why nobody would miss it, or what saves it instead: got ${got}`]
      : []),
  ];
};
