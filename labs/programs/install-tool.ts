/** Go tools, each built once for a machine. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { RunCommand } from "../../lib/core/process/command.ts";
import { buildGoTool } from "./go-tool.ts";
import type { NamedTool } from "./pinned-tools.ts";

/** The directory that keeps tools, charts and providers between runs: `TERRAVIXENS_CACHE`, or the user's cache. */
export const cacheDirectory = (
  { TERRAVIXENS_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string => TERRAVIXENS_CACHE || join(XDG_CACHE_HOME || join(home, ".cache"), "terravixens");

/** A program that is there, or why it is not. */
export type Installed = { readonly program: string } | { readonly missing: string };

/** Builds a tool unless the cache has it. */
export const installTool = async (
  run: RunCommand,
  cache: string,
  tool: NamedTool,
  log: (line: string) => void,
): Promise<Installed> => {
  const { name, version } = tool;
  const program = join(cache, "bin", `${name}-${version}`);
  if (existsSync(program)) return { program };
  log(`building ${name} ${version}, once for this machine`);
  const reason = await buildGoTool(run, tool, program);
  return reason === undefined ? { program } : { missing: `${name} ${version}: ${reason}` };
};
