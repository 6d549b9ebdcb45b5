/** The programs of the drill: etcd's own, age as talos-backup has it, zstd, and an S3 server. */
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { buildGoTool, type GoTool } from "../contract/go-tool.ts";
import type { RunCommand } from "../upgrade/command.ts";

/** Of the minor that Talos 1.12 runs. */
const ETCD = "v3.6.16";
const AGE = "v1.3.2";
/** An S3 server over a directory, and an IAM server that it asks. */
const VERSITYGW = "v1.8.0";
const APT = 5 * 60_000;

const etcdTool = (module: string): GoTool => ({
  module: `go.etcd.io/etcd/${module}/v3`,
  version: ETCD,
  published: () => undefined,
});
const ageTool = (name: string): GoTool => ({
  module: "filippo.io/age",
  version: AGE,
  package: `cmd/${name}`,
});

const TOOLS: Readonly<Record<string, GoTool>> = {
  etcd: etcdTool("server"),
  etcdctl: etcdTool("etcdctl"),
  etcdutl: etcdTool("etcdutl"),
  age: ageTool("age"),
  "age-keygen": ageTool("age-keygen"),
  versitygw: { module: "github.com/versity/versitygw", version: VERSITYGW, package: "cmd/versitygw" },
};

/** Versions, to be printed. */
export const toolVersions = `etcd ${ETCD}, age ${AGE}, versitygw ${VERSITYGW}`;

/**
 * Installs what is not here yet: the Go tools into `cache`, zstd by apt-get where that can be. Links all of them into
 * `directory`, to be put on the PATH, so that they are found by the names that a runbook calls them.
 *
 * Returns what cannot be had, and why.
 */
export const installTools = async (
  run: RunCommand,
  cache: string,
  directory: string,
  log: (line: string) => void,
): Promise<readonly string[]> => {
  const missing: string[] = [];
  mkdirSync(directory, { recursive: true });
  // One after the other: each build takes all the processors by itself.
  for (const [name, tool] of Object.entries(TOOLS)) {
    const program = join(cache, "bin", `${name}-${tool.version}`);
    if (!existsSync(program)) {
      log(`building ${name} ${tool.version}, once for this machine`);
      const reason = await buildGoTool(run, tool, program);
      if (reason !== undefined) {
        missing.push(`${name} ${tool.version}: ${reason}`);
        continue;
      }
    }
    symlinkSync(program, join(directory, name));
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
