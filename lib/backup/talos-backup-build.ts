import type { HttpUrl } from "../core/values/http-url.ts";

/**
 * Builds of talos-backup and the environment that each reads: the variables differ from build to build, and one that
 * a build does not know is ignored in silence.
 *
 * Read from the source of each build: `pkg/config/service.go`, `pkg/s3/s3.go`, `pkg/encryption/encryption.go` of
 * siderolabs/talos-backup. Later builds of `main` (`AGE_RECIPIENT_PUBLIC_KEY` with several recipients) are not in
 * the table, because nobody here has read their source: add them with what it says.
 */

export interface TalosBackupSettings {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Region of the bucket, e.g. `us-east-1`. */
  readonly region: string;
  /** Null for AWS itself. */
  readonly endpoint: HttpUrl | null;
  /** Key prefix of the snapshots. */
  readonly prefix: string;
  /** First part of a snapshot's name. */
  readonly clusterName: string;
  /** age public keys that snapshots are encrypted to. */
  readonly recipients: readonly string[];
  /** True when snapshots are compressed before they are encrypted. */
  readonly compression: boolean;
}

export interface TalosBackupBuild {
  /** Commit that the build was made from. */
  readonly commit: string;
  /** The most age recipients that it encrypts to. */
  readonly maxRecipients: number;
  /** True when it can compress a snapshot (zstd) before it encrypts it. */
  readonly compression: boolean;
  /** Endings of an object's key, in the order in which they are undone. */
  suffix(settings: Pick<TalosBackupSettings, "compression">): string;
  environment(settings: TalosBackupSettings): Readonly<Record<string, string>>;
}

const common = ({ bucket, region, endpoint, prefix, clusterName }: TalosBackupSettings) => ({
  BUCKET: bucket,
  AWS_REGION: region,
  S3_PREFIX: prefix,
  CLUSTER_NAME: clusterName,
  ...(endpoint !== null && { CUSTOM_S3_ENDPOINT: endpoint.toString() }),
});

export const TALOS_BACKUP_BUILDS = {
  "v0.1.0-beta.3": {
    commit: "11ca8c5",
    maxRecipients: 1,
    compression: false,
    suffix: () => ".snap.age",
    environment: (settings) => ({
      ...common(settings),
      AGE_X25519_PUBLIC_KEY: settings.recipients.join(","),
      ...(settings.endpoint !== null && {
        // This build turns path style on when the variable says "false".
        USE_PATH_STYLE: "false",
        // Its AWS SDK adds checksums that S3-compatible servers may refuse (siderolabs/talos-backup#36).
        AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
      }),
    }),
  },
  /** `main` with another S3 client, which always uses path style where the endpoint is not AWS. */
  "v0.1.0-beta.3-2-g0b3984d": {
    commit: "0b3984d",
    maxRecipients: 1,
    compression: true,
    suffix: ({ compression }) => (compression ? ".snap.zst.age" : ".snap.age"),
    environment: (settings) => ({
      ...common(settings),
      AGE_X25519_PUBLIC_KEY: settings.recipients.join(","),
      ENABLE_COMPRESSION: String(settings.compression),
    }),
  },
} as const satisfies Record<string, TalosBackupBuild>;

export type TalosBackupBuildName = keyof typeof TALOS_BACKUP_BUILDS;

const REFERENCE =
  /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+(?::(?<tag>[\w][\w.-]{0,127}))?@sha256:[0-9a-f]{64}$/;

export interface TalosBackupImage {
  readonly build: TalosBackupBuild | undefined;
  readonly problems: readonly string[];
}

/**
 * The build behind an image, by its tag unless it is named.
 *
 * Refused: an image without a digest (a tag can move to a build that reads other variables); a build that is not in
 * the table.
 */
export const talosBackupImage = (image: string, name?: TalosBackupBuildName): TalosBackupImage => {
  const match = REFERENCE.exec(image);
  const problems = match
    ? []
    : [`image: must be pinned by digest, name:tag@sha256:…: got ${JSON.stringify(image)}`];
  const build = name ?? match?.groups?.tag;
  if (build !== undefined && Object.hasOwn(TALOS_BACKUP_BUILDS, build)) {
    return { build: TALOS_BACKUP_BUILDS[build as TalosBackupBuildName], problems };
  }
  const known = Object.keys(TALOS_BACKUP_BUILDS).join(", ");
  const unknown = `image: must be a build whose variables are known (${known}): got ${build ?? "no tag"}`;
  return { build: undefined, problems: match ? [...problems, unknown] : problems };
};
