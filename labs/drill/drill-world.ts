/** The etcd, the storage and the tools that all checks of the drill share. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { TALOS_BACKUP_BUILDS, type TalosBackupBuildName } from "../../lib/backup/talos-backup-build.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import { s3Store } from "../../operations/verify-backup/s3.ts";
import { type VerifyRequest, verifyCommand } from "../../operations/verify-backup/verify-command.ts";
import type { Checks } from "../checks.ts";
import type { Etcd } from "./etcd.ts";
import { clientVariables, type ObjectServer, REGION, type S3Credentials } from "./object-server.ts";
import type { Random } from "./random.ts";
import { CLUSTER, PREFIX } from "./runbook.ts";
import type { Stage } from "./uploader.ts";

export { PREFIX };
export const BUCKET = "drill-backup";

/** Builds of talos-backup whose form of a backup is made: with and without compression. */
export const COMPRESSING = "v0.1.0-beta.3-2-g0b3984d" satisfies TalosBackupBuildName;
export const PLAIN = "v0.1.0-beta.3" satisfies TalosBackupBuildName;

/** The faults that the drill can inject, to see that it notices them. */
export const FAULTS = {
  policy: "the writer may do everything",
  verify: "every backup counts as good",
  restore: "a key is lost after the restore",
  uploader: "a backup that was cut off is stored as if it were whole",
} as const;
export type DrillFault = keyof typeof FAULTS;

export interface Keys {
  /** File with the identity that backups are encrypted to. */
  readonly identityFile: string;
  readonly recipient: string;
  readonly strangerFile: string;
}

/** Verdict of `verify-backup --json`. */
export interface Judgement {
  readonly good: boolean;
  readonly source: string;
  readonly revision?: number;
  readonly keys?: number;
  readonly bytes?: number;
  readonly stored?: number;
  readonly refusals?: readonly { readonly reason: string; readonly message: string }[];
}

export interface UploadResult {
  /** Undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly stderr: string;
  /** Milliseconds for which it was in each stage, as far as it came. */
  readonly stages: Partial<Record<Stage, number>>;
}

export interface UploadOptions {
  readonly build?: TalosBackupBuildName;
  /** @default - a new directory */
  readonly directory?: string;
  /** Program and arguments to put before it. */
  readonly wrapper?: readonly string[];
  /** Called when a stage begins, with how to kill it and all that it started. */
  readonly onStage?: (stage: Stage, kill: () => void) => void;
}

export interface DrillWorld extends Keys {
  readonly root: string;
  readonly directory: string;
  readonly checks: Checks;
  readonly random: Random;
  readonly server: ObjectServer;
  readonly writer: S3Credentials;
  readonly reader: S3Credentials;
  /** Bundle of the uploader. */
  readonly uploader: string;
  readonly faults: readonly DrillFault[];
  readonly count: number;
  readonly kills: number;
  readonly log: (line: string) => void;
  etcd: Etcd;
}

let directories = 0;
/** A new directory within the drill's own. */
export const newDirectory = ({ directory }: Pick<DrillWorld, "directory">): string => {
  directories += 1;
  const path = join(directory, `work-${directories}`);
  mkdirSync(path);
  return path;
};

let lastSecond = 0;
/** Names of backups have no finer time than a second. */
const nextSecond = async (): Promise<void> => {
  while (Math.floor(Date.now() / 1_000) <= lastSecond) await sleep(20);
  lastSecond = Math.floor(Date.now() / 1_000) + 1;
};

/** Runs the uploader to its end, in a process group of its own. */
export const runUploader = async (world: DrillWorld, options: UploadOptions = {}): Promise<UploadResult> => {
  await nextSecond();
  const { build = COMPRESSING, directory = newDirectory(world), wrapper = [], onStage } = options;
  const settings = {
    bucket: BUCKET,
    region: REGION,
    endpoint: HttpUrl.parse(world.server.endpoint),
    prefix: PREFIX,
    clusterName: CLUSTER,
    recipients: [world.recipient],
    compression: TALOS_BACKUP_BUILDS[build].compression,
  };
  const [command = "", ...args] = [...wrapper, process.execPath, world.uploader];
  let kill = (): void => undefined;
  const began: [Stage, number][] = [];
  const { code, stderr } = await runCommand(command, args, {
    directory,
    variables: {
      ...TALOS_BACKUP_BUILDS[build].environment(settings),
      ...clientVariables(world.server.endpoint, world.writer),
      ETCDCTL_ENDPOINTS: world.etcd.endpoint,
    },
    onStart: (end) => {
      kill = () => end("SIGKILL");
    },
    onLine: (line) => {
      began.push([line as Stage, performance.now()]);
      onStage?.(line as Stage, kill);
    },
  });
  const end = performance.now();
  const stages = Object.fromEntries(
    began.map(([stage, from], at) => [stage, (began[at + 1]?.[1] ?? end) - from]),
  );
  return { status: code === -1 ? undefined : code, stderr, stages };
};

/** Runs `verify-backup` on a file, an object, or the newest below a prefix (with the credentials of a reader). */
export const judge = async (
  world: DrillWorld,
  source = `s3://${BUCKET}/${PREFIX}/`,
  options: Partial<Omit<VerifyRequest, "source" | "json">> = {},
  identityFile = world.identityFile,
): Promise<Judgement> => {
  const lines: string[] = [];
  const code = await verifyCommand(
    { source, decrypted: false, json: true, ...options },
    {
      environment: { AGE_IDENTITY_FILE: identityFile },
      now: new Date(),
      store: async () => s3Store(world.server.client(world.reader)),
      out: (line) => lines.push(line),
    },
  );
  const text = lines.join("\n");
  const judgement = JSON.parse(text) as Judgement;
  if (judgement.good !== (code === 0)) throw new Error(`exit code ${code}, and says good: ${judgement.good}`);
  return world.faults.includes("verify") ? { ...judgement, good: true } : judgement;
};

/** The reasons of a refusal; "good" for a backup that counts. */
export const reasonsOf = ({ good, refusals = [] }: Judgement): string =>
  good ? "good" : refusals.map(({ reason }) => reason).join(", ");

/** Every object below the prefix, with a tag that changes when the object does. */
export const stored = async ({ server }: DrillWorld): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  let token: string | undefined;
  do {
    const page = await server
      .client(server.owner)
      .send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${PREFIX}/`, ContinuationToken: token }));
    for (const { Key = "", ETag = "", Size } of page.Contents ?? []) found.set(Key, `${ETag} ${Size}`);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
};

/** Keys of objects that were lost or changed since `before`. */
export const lost = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...before].filter(([key, tag]) => after.get(key) !== tag).map(([key]) => key);
