/** Lifecycle rules that expire objects of a bucket, as AWS and as MinIO take them. */
import { prefixProblems } from "../core/values/s3-location.ts";

/**
 * Permissions of the credentials: put snapshots under one prefix, without slashes at its ends, or keep volume backups
 * in the whole bucket, which includes deleting them.
 */
export type BucketAccess = { readonly putUnder: string } | "volume-backups";

/** Objects under a prefix that expire after some days, by a lifecycle rule of their own. */
export interface Expiry {
  /** Key prefix, without slashes at its ends. */
  readonly prefix: string;
  readonly days: number;
}

interface Lifecycle {
  readonly access: BucketAccess;
  readonly expiry: readonly Expiry[];
  readonly noncurrentDays: number;
}

interface Rule {
  readonly id: string;
  readonly prefix: string;
  /** Null where only old versions go. */
  readonly days: number | null;
  readonly noncurrentDays: number;
}

/**
 * Lifecycle rules of a bucket: old versions of objects without a rule of their own go too, and with them the markers
 * of deleted objects.
 */
export const rulesOf = ({ access, expiry, noncurrentDays }: Lifecycle): Rule[] =>
  access === "volume-backups"
    ? [{ id: "expire-old-versions", prefix: "", days: null, noncurrentDays }]
    : expiry.map(({ prefix, days }) => ({
        id: `expire-${prefix.replaceAll("/", "-")}`,
        prefix: `${prefix}/`,
        days,
        noncurrentDays,
      }));

export const awsRule = ({ id, prefix, days, noncurrentDays }: Rule) => ({
  id,
  status: "Enabled",
  filter: [{ prefix }],
  expiration: [days === null ? { expiredObjectDeleteMarker: true } : { days }],
  noncurrentVersionExpiration: [{ noncurrentDays }],
});

export const minioRule = ({ id, prefix, days, noncurrentDays }: Rule) => ({
  id,
  enabled: true,
  prefix,
  expiration: days === null ? { expiredObjectDeleteMarker: true } : { days },
  noncurrentVersionExpiration: { days: noncurrentDays },
});

export const wholeDays = (path: string, days: number): string[] =>
  Number.isInteger(days) && days >= 1 ? [] : [`${path}: must be a whole number from 1 on: got ${days}`];

/** True when the inner prefix equals the outer one or lies below it. */
const covers = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

export const expiryProblems = ({ access, expiry }: Pick<Lifecycle, "access" | "expiry">): string[] =>
  expiry.flatMap(({ prefix, days }, index) => {
    const path = `expiry.${index}`;
    const outside =
      access === "volume-backups"
        ? "left out: Velero deletes its backups itself"
        : covers(access.putUnder, prefix)
          ? undefined
          : `${access.putUnder} or below it, where the writer puts`;
    return [
      ...prefixProblems(prefix).map((problem) => `${path}.${problem}`),
      ...wholeDays(`${path}.days`, days),
      ...(outside === undefined ? [] : [`${path}.prefix: must be ${outside}: got "${prefix}"`]),
      ...expiry
        .slice(0, index)
        .filter((other) => covers(other.prefix, prefix) || covers(prefix, other.prefix))
        .map((other) => `${path}.prefix: must not overlap with "${other.prefix}": got "${prefix}"`),
    ];
  });
