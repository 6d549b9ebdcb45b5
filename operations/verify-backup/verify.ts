import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { timeProblems } from "./age-of-backup.ts";
import { type Bytes, peek } from "./bytes.ts";
import { decompress } from "./decompress.ts";
import { decrypt } from "./decrypt.ts";
import type { OpenWithEtcd, SnapshotStatus } from "./etcd-status.ts";
import { baseName, parseObjectName } from "./object-name.ts";
import { Refusal } from "./refusal.ts";
import { checkSnapshotFile, type SnapshotFile } from "./snapshot-file.ts";
import type { Source } from "./source.ts";

export interface VerifyOptions {
  /** age identities; none only for a file that was decrypted before. */
  readonly identities: readonly string[];
  /** The file was decrypted by hand, and counts without encryption. */
  readonly decrypted: boolean;
  readonly now: Date;
  /** Milliseconds; undefined for any age. */
  readonly maxAge?: number | undefined;
  /** An empty directory for the plain snapshot, which nobody else may read. */
  readonly workspace: string;
  readonly openWithEtcd: OpenWithEtcd;
}

/** A backup from which etcd can be restored. */
export interface GoodBackup extends SnapshotFile, SnapshotStatus {
  readonly source: string;
  /** Bytes as stored. */
  readonly stored: number;
  readonly encrypted: boolean;
  readonly compressed: boolean;
  /** The time at which it was made, by its name or else by the store. */
  readonly time?: Date | undefined;
  /** The plain snapshot, in the workspace. */
  readonly snapshot: string;
}

/** Either good, or with everything that is wrong with it. */
export type BackupVerdict =
  | { readonly good: true; readonly backup: GoodBackup }
  | { readonly good: false; readonly source: string; readonly refusals: readonly Refusal[] };

/**
 * Decides whether etcd could be restored from a backup: its age, then what it is made of, from the outside in.
 * Encryption is required, as a snapshot holds every Secret of the cluster.
 */
export const verify = async (source: Source, options: VerifyOptions): Promise<BackupVerdict> => {
  const named = parseObjectName(source.name)?.time;
  const refusals = timeProblems({ named, stored: source.stored }, options.now, options.maxAge);
  try {
    const snapshot = join(options.workspace, "db.snapshot");
    const form = await open(source, options, snapshot);
    const file = await checkSnapshotFile(snapshot);
    const status = await options.openWithEtcd(snapshot);
    if (refusals.length === 0) {
      const time = named ?? source.stored;
      const backup = {
        source: source.name,
        stored: source.size,
        time,
        snapshot,
        ...form,
        ...file,
        ...status,
      };
      return { good: true, backup };
    }
  } catch (error) {
    refusals.push(refusalOf(error));
  }
  return { good: false, source: source.name, refusals };
};

/** Undoes encryption and compression, into a file. */
const open = async (
  source: Source,
  { identities, decrypted }: VerifyOptions,
  to: string,
): Promise<{ readonly encrypted: boolean; readonly compressed: boolean }> => {
  if (source.size === 0) throw new Refusal("empty", "holds no byte");
  const outer = await peek(source.bytes);
  const encrypted = outer.form === "age";
  if (outer.form === "armored age") {
    throw new Refusal("tampered", "is armored, as talos-backup never writes: somebody made it by hand");
  }
  if (!encrypted && !decrypted) throw notEncrypted(source.name, outer.form);
  const inner = encrypted ? await peek(decrypt(outer.bytes, identities)) : outer;
  const compressed = inner.form === "zstd";
  const plain: Bytes = compressed ? decompress(inner.bytes) : inner.bytes;
  await pipeline(plain, createWriteStream(to, { mode: 0o600, flags: "wx" }));
  return { encrypted, compressed };
};

const notEncrypted = (name: string, form: string): Refusal => {
  if (form === "bolt" || form === "zstd") {
    const what = form === "bolt" ? "a snapshot" : "compressed";
    return new Refusal(
      "unencrypted",
      `is not encrypted: it is ${what}, and whoever reads it has every Secret`,
    );
  }
  return baseName(name).endsWith(".age")
    ? new Refusal("tampered", "is named as encrypted, but does not start as an age file does")
    : new Refusal("unencrypted", "is not encrypted: it does not start as an age file does");
};

const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return code !== undefined && NO_ROOM.has(code)
    ? new Refusal("no-room", `cannot be checked: no room for the plain snapshot (${code}); set TMPDIR`)
    : new Refusal("unreachable", `cannot be read: ${code ?? message}`);
};
