import { z } from "zod";
import { failureOf, type RunCommand } from "../../lib/core/process/command.ts";
import { snapshotStatus } from "../restore/commands.ts";
import { Refusal } from "./refusal.ts";

/** Reading every page of 8 GiB, the most that etcd is run with, from a slow disk. */
const TIMEOUT = 15 * 60_000;

const Status = z.object({
  revision: z.number(),
  totalKey: z.number(),
  version: z.string().optional(),
});

/** The report of etcd's own tool on a snapshot. */
export interface SnapshotStatus {
  readonly revision: number;
  readonly keys: number;
  /** Version of the storage, e.g. 3.6.0; empty before 3.6. */
  readonly storageVersion: string;
}

/** Opens a plain snapshot with etcd's own tool. */
export type OpenWithEtcd = (snapshot: string) => Promise<SnapshotStatus>;

/**
 * Opens a snapshot with `etcdutl`, which walks every page.
 *
 * Refused: what it cannot open, and a snapshot without a key, as no cluster ever is.
 */
export const etcdStatus =
  (run: RunCommand): OpenWithEtcd =>
  async (snapshot) => {
    const { command, args } = snapshotStatus(snapshot, "json");
    const result = await run(command, args, { timeout: TIMEOUT });
    const failure = failureOf(result);
    if (result.code === -1 && /ENOENT/.test(result.stderr)) {
      throw new Refusal("no-tool", `cannot be opened: ${command} of etcd 3.6 is not on the PATH`);
    }
    if (failure !== undefined)
      throw new Refusal("not-a-snapshot", `cannot be opened by ${command}: ${failure}`);
    const status = readStatus(result.stdout);
    if (status === undefined) {
      throw new Refusal(
        "not-a-snapshot",
        `cannot be told by ${command}: ${JSON.stringify(result.stdout.slice(0, 200))}`,
      );
    }
    if (status.revision < 1 || status.keys < 1) {
      throw new Refusal("empty", `holds no key: revision ${status.revision}, ${status.keys} keys`);
    }
    return status;
  };

const readStatus = (text: string): SnapshotStatus | undefined => {
  try {
    const { revision, totalKey, version = "" } = Status.parse(JSON.parse(text));
    return { revision, keys: totalKey, storageVersion: version };
  } catch {
    return undefined;
  }
};
