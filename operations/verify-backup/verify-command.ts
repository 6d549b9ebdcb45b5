/** Runs `homelab verify-backup`: reports, and returns the exit code. */
import { constants } from "node:fs";
import { copyFile, readFile, rm } from "node:fs/promises";
import { type RunCommand, runCommand } from "../../lib/core/process/command.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { parseAge, showAge } from "./age-of-backup.ts";
import { etcdStatus } from "./etcd-status.ts";
import { identitiesOf } from "./identities.ts";
import { Refusal } from "./refusal.ts";
import { type Location, type ObjectStore, openSource, parseLocation } from "./source.ts";
import { type BackupVerdict, type GoodBackup, verify } from "./verify.ts";
import { withWorkspace } from "./workspace.ts";

export interface VerifyRequest {
  /** A file, `s3://bucket/key`, or `s3://bucket/prefix/`, of which the newest. */
  readonly source: string;
  /** File for the plain snapshot. */
  readonly output?: string | undefined;
  /** An older one is refused: `90m`, `26h`, `7d`. */
  readonly maxAge?: string | undefined;
  /** The file was decrypted by hand. */
  readonly decrypted: boolean;
  readonly json: boolean;
}

export interface VerifyContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  /** Called when a backup on S3 is asked for. Throws when the environment names no credentials. */
  readonly store: () => Promise<ObjectStore>;
  /** @default - the programs of this machine */
  readonly run?: RunCommand;
  readonly out: (line: string) => void;
}

/** Returns the exit code. */
export const verifyCommand = async (asked: VerifyRequest, context: VerifyContext): Promise<number> => {
  const request = await requestOf(asked, context);
  return withWorkspace("verify-backup", async (workspace) => {
    const verdict = await written(await judge(request, workspace, context), request.output);
    if (request.json) context.out(JSON.stringify(toJson(verdict, context.now), null, 2));
    else for (const line of show(verdict, context.now, request.output)) context.out(line);
    return verdict.good ? 0 : 1;
  });
};

interface Request {
  readonly text: string;
  readonly location: Location;
  readonly identities: readonly string[];
  readonly store: () => Promise<ObjectStore>;
  readonly maxAge: number | undefined;
  readonly output: string | undefined;
  readonly decrypted: boolean;
  readonly json: boolean;
}

/** Everything that is wrong with the use, at once. */
const requestOf = async (values: VerifyRequest, context: VerifyContext): Promise<Request> => {
  const { source: text, maxAge: age } = values;
  const problems: string[] = [];
  const attempt = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  const location = await attempt(() => parseLocation(text));
  if (values.decrypted && location?.kind !== "file") {
    problems.push("--decrypted: must come with a file: what is stored is always encrypted");
  }
  const store = location && location.kind !== "file" ? await attempt(context.store) : undefined;
  const maxAge = age === undefined ? undefined : await attempt(() => parseAge(age));
  const identities = values.decrypted
    ? []
    : await attempt(() => identitiesOf(context.environment, (file) => readFile(file, "utf8")));
  if (problems.length > 0 || !location || !identities) throw new UsageError(problems.join("\n"));
  return {
    text,
    location,
    identities,
    store: async () => store as ObjectStore,
    maxAge,
    output: values.output,
    decrypted: values.decrypted,
    json: values.json,
  };
};

const judge = async (
  request: Request,
  workspace: string,
  { now, run = runCommand }: VerifyContext,
): Promise<BackupVerdict> => {
  try {
    const source = await openSource(request.location, request.store);
    return await verify(source, { ...request, now, workspace, openWithEtcd: etcdStatus(run) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { good: false, source: request.text, refusals: [error] };
  }
};

/** Writes the plain snapshot, never over another file. */
const written = async (verdict: BackupVerdict, output: string | undefined): Promise<BackupVerdict> => {
  if (!verdict.good || output === undefined) return verdict;
  try {
    await copyFile(verdict.backup.snapshot, output, constants.COPYFILE_EXCL);
    return verdict;
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") await rm(output, { force: true });
    const refusal = new Refusal(
      "no-room",
      `is good, but cannot be written to ${JSON.stringify(output)}: ${code}`,
    );
    return { good: false, source: verdict.backup.source, refusals: [refusal] };
  }
};

const ageOf = ({ time }: GoodBackup, now: Date): number | undefined => time && now.getTime() - time.getTime();

const show = (verdict: BackupVerdict, now: Date, output: string | undefined): string[] => {
  if (!verdict.good) {
    return verdict.refusals.map(
      ({ reason, message }) => `REFUSED ${verdict.source}: ${reason}: it ${message}`,
    );
  }
  const { backup } = verdict;
  const age = ageOf(backup, now);
  const layers = [
    backup.encrypted ? "encrypted" : "decrypted by hand",
    ...(backup.compressed ? ["compressed"] : []),
  ];
  return [
    `GOOD ${backup.source}`,
    `  revision ${backup.revision}, ${backup.keys} keys, ${backup.bytes} bytes (${backup.stored} as stored, ${layers.join(", ")})`,
    `  made ${backup.time ? `${backup.time.toISOString()}, ${showAge(age ?? 0)} ago` : "at a time that its name does not tell"}`,
    `  sha256 ${backup.sha256}${backup.storageVersion ? `, storage of etcd ${backup.storageVersion}` : ""}`,
    ...(output === undefined ? [] : [`  written to ${output}: it holds every Secret of the cluster`]),
  ];
};

const toJson = (verdict: BackupVerdict, now: Date): unknown => {
  if (!verdict.good) {
    return {
      good: false,
      source: verdict.source,
      refusals: verdict.refusals.map(({ reason, message }) => ({ reason, message })),
    };
  }
  const { snapshot: _, time, ...backup } = verdict.backup;
  const age = ageOf(verdict.backup, now);
  return {
    good: true,
    ...backup,
    ...(time && { time: time.toISOString() }),
    ...(age !== undefined && { ageSeconds: Math.round(age / 1000) }),
  };
};
