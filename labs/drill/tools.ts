/** The programs of the drill: etcd's own, age as talos-backup has it, zstd, and an S3 server. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { RunCommand } from "../../lib/core/process/command.ts";
import { installTool } from "../programs/install-tool.ts";
import { age, ageKeygen, etcd, etcdctl, etcdutl, versitygw } from "../programs/pinned-tools.ts";

const APT = 5 * 60_000;

/** Versions, to be printed. */
export const toolVersions = [etcd, age, versitygw]
  .map(({ name, version }) => `${name} ${version}`)
  .join(", ");

/**
 * Installs missing tools: the Go tools into `cache`, zstd by apt-get where that can be. Links all of them into
 * `directory`, to be put on the PATH, so that they are found by the names that a runbook calls them.
 *
 * Returns what cannot be had, and why.
 */
export const installDrillTools = async (
  run: RunCommand,
  cache: string,
  directory: string,
  log: (line: string) => void,
): Promise<readonly string[]> => {
  const missing: string[] = [];
  mkdirSync(directory, { recursive: true });
  // One after the other: each build takes all the processors by itself.
  for (const tool of [etcd, etcdctl, etcdutl, age, ageKeygen, versitygw]) {
    const installed = await installTool(run, cache, tool, log);
    if ("missing" in installed) missing.push(installed.missing);
    else symlinkSync(installed.program, join(directory, tool.name));
  }
  return [...missing, ...(await installZstd(run, log))];
};

const installZstd = async (run: RunCommand, log: (line: string) => void): Promise<readonly string[]> => {
  const works = async () => (await run("zstd", ["--version"], { timeout: 10_000 })).code === 0;
  if (await works()) return [];
  log("installing zstd by apt-get");
  await run("apt-get", ["update"], { timeout: APT });
  await run("apt-get", ["install", "-y", "--no-install-recommends", "zstd"], { timeout: APT });
  return (await works()) ? [] : ["zstd: not installed, and apt-get could not install it"];
};
