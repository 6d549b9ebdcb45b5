/** A disk that is soon full. */
import { mkdirSync } from "node:fs";
import { runCommand } from "../../lib/core/process/command.ts";

const MOUNT = 10_000;

export interface SmallDisk {
  readonly directory: string;
  /** Program and arguments to put before one that shall meet the limit. */
  readonly wrapper: readonly string[];
  readonly kind: string;
  remove(): Promise<void>;
}

/**
 * Makes a disk of at most `bytes`: as root a file system in memory, otherwise a directory with a limit on the size of
 * a file. Either refuses what is beyond `bytes`.
 */
export const smallDisk = async (directory: string, bytes: number): Promise<SmallDisk> => {
  mkdirSync(directory, { recursive: true });
  const kibibytes = Math.ceil(bytes / 1024);
  const options = ["-t", "tmpfs", "-o", `size=${kibibytes}k,mode=0700`, "drill", directory];
  const mounted = await runCommand("mount", options, { timeout: MOUNT });
  if (mounted.code === 0) {
    const remove = async () => {
      await runCommand("umount", [directory], { timeout: MOUNT });
    };
    return { directory, wrapper: [], kind: `a tmpfs of ${kibibytes} KiB`, remove };
  }
  return {
    directory,
    wrapper: ["bash", "-c", `ulimit -f ${kibibytes}; exec "$0" "$@"`],
    kind: `files of ${kibibytes} KiB at most`,
    remove: async () => {},
  };
};
