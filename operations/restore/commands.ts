/**
 * The commands of a restore of etcd: the runbook prints them, and the drill runs them.
 *
 * A file name tells how a snapshot was written, `<cluster>-<time>.snap[.zst][.age]`, and its endings are undone from
 * the right.
 */
import { type Command, commandLine } from "../../lib/core/process/command.ts";

/** A program with its arguments, and the variables that it reads beside the caller's own. */
export interface RestoreCommand extends Command {
  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The store of the objects. The credentials stay in the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`. */
export interface BackupStore {
  readonly bucket: string;
  readonly region: string;
  /** URL of the S3 server; null for AWS itself. */
  readonly endpoint: string | null;
}

const ENCRYPTED = ".age";
const COMPRESSED = ".zst";

/** The command as a line for a POSIX shell, variables first. */
export const shellLine = ({ environment = {}, ...command }: RestoreCommand): string =>
  [
    ...Object.entries(environment).map(
      ([name, value]) => `${name}=${commandLine({ command: value, args: [] })}`,
    ),
    commandLine(command),
  ].join(" ");

/** The variables by which S3 clients find a server other than AWS. */
const storeEnvironment = ({ region, endpoint }: Omit<BackupStore, "bucket">): Record<string, string> => ({
  AWS_REGION: region,
  ...(endpoint !== null && { AWS_ENDPOINT_URL_S3: endpoint }),
});

/**
 * Fetches, decrypts, decompresses and checks in one go, and writes the plain snapshot only when nothing is wrong with
 * it. A source that ends in a slash means the newest below it.
 */
export const verifyBackup = (options: {
  /** A file, or `s3://bucket/key`. */
  readonly source: string;
  /** @default - taken from the environment */
  readonly store?: Omit<BackupStore, "bucket">;
  /** File with the age identity. */
  readonly identityFile: string;
  /**
   * The file for the plain snapshot. It holds every Secret of the cluster.
   * @default - nowhere: the backup is only looked at
   */
  readonly output?: string;
  /**
   * Oldest that will do: 90m, 26h, 7d.
   * @default - any age
   */
  readonly maxAge?: string;
}): RestoreCommand => ({
  command: "npm",
  args: [
    ...["run", "homelab", "--", "verify-backup", options.source],
    ...(options.output === undefined ? [] : ["--output", options.output]),
    ...(options.maxAge === undefined ? [] : ["--max-age", options.maxAge]),
  ],
  environment: {
    ...(options.store && storeEnvironment(options.store)),
    AGE_IDENTITY_FILE: options.identityFile,
  },
});

/**
 * Region and endpoint as options, since older releases of the AWS command line do not read the variable of the
 * endpoint.
 */
const awsOptions = ({ region, endpoint }: BackupStore): string[] => [
  ...["--region", region],
  ...(endpoint === null ? [] : ["--endpoint-url", endpoint]),
];

/** Lists what is below a prefix, for a restore without this repository. */
export const listObjects = (store: BackupStore, prefix: string): RestoreCommand => ({
  command: "aws",
  args: ["s3", "ls", `s3://${store.bucket}/${prefix}/`, ...awsOptions(store)],
});

/** Fetches one object, for a restore without this repository. */
export const fetchObject = (store: BackupStore, key: string, to: string): RestoreCommand => ({
  command: "aws",
  args: ["s3", "cp", `s3://${store.bucket}/${key}`, to, ...awsOptions(store)],
});

/**
 * Turns a fetched file into a plain snapshot, by hand: decrypt, then decompress, as its name says. Each writes beside
 * the file, under the name without the ending.
 *
 * Refused: a name that does not end in `.age`, as nothing is ever stored unencrypted.
 */
export const openByHand = (
  file: string,
  identityFile: string,
): { readonly commands: readonly RestoreCommand[]; readonly snapshot: string } => {
  if (!file.endsWith(ENCRYPTED)) {
    throw new Error(`file: must be encrypted, and end in ${ENCRYPTED}: got ${JSON.stringify(file)}`);
  }
  const decrypted = file.slice(0, -ENCRYPTED.length);
  const decrypt: RestoreCommand = {
    command: "age",
    args: ["--decrypt", "--identity", identityFile, "--output", decrypted, file],
  };
  if (!decrypted.endsWith(COMPRESSED)) return { commands: [decrypt], snapshot: decrypted };
  const snapshot = decrypted.slice(0, -COMPRESSED.length);
  const decompress: RestoreCommand = {
    command: "zstd",
    args: ["--decompress", "--quiet", decrypted, "-o", snapshot],
  };
  return { commands: [decrypt, decompress], snapshot };
};

/** Hash, revision, number of entries and size of a plain snapshot, by etcd's own tool; fails when it is damaged. */
export const snapshotStatus = (snapshot: string, format: "table" | "json" = "table"): RestoreCommand => ({
  command: "etcdutl",
  args: ["snapshot", "status", snapshot, `--write-out=${format}`],
});

/** Makes a data directory of a plain snapshot, outside of Talos: to look into it, or for the drill. */
export const restoreDataDirectory = (snapshot: string, dataDirectory: string): RestoreCommand => ({
  command: "etcdutl",
  args: ["snapshot", "restore", snapshot, "--data-dir", dataDirectory],
});

/**
 * Bootstraps etcd of a Talos cluster from a plain snapshot, on one control plane whose etcd is in the state
 * `Preparing`. Talos checks the snapshot's hash and restores as `restoreDataDirectory` does.
 */
export const bootstrapFromSnapshot = (node: string, snapshot: string): RestoreCommand => ({
  command: "talosctl",
  args: ["--nodes", node, "bootstrap", `--recover-from=${snapshot}`],
});
