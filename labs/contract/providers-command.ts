/** Runs `homelab providers`: reports, and returns the exit code. */
import { existsSync } from "node:fs";
import type { RunCommand } from "../../lib/core/process/command.ts";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { buildGoTool } from "../programs/go-tool.ts";
import { openTofu } from "../programs/pinned-tools.ts";
import { fillMirror, type Obtained } from "./fill-mirror.ts";
import { openTofuProgram, type ProviderMirror } from "./provider-mirror.ts";
import type { PinnedProvider } from "./required-providers.ts";

/** Exit code for programs that run it: not a failure, but not all there either. */
const CANNOT_RUN_HERE = 77;

/** Returns the exit code. */
export const providersCommand = async (
  isOpenTofuWanted: boolean,
  run: RunCommand,
  mirror: ProviderMirror,
  wanted: () => readonly PinnedProvider[],
  { out, err }: Pick<Terminal, "out" | "err">,
): Promise<number> => {
  out(`mirror: ${mirror.directory}`);
  const obtained = await fillMirror(run, mirror, wanted(), err);
  const missing = obtained.flatMap((each) => leftOut(each));
  if (isOpenTofuWanted) missing.push(...(await addOpenTofu(run, mirror, out, err)));
  for (const { source, version, from } of obtained)
    if (from !== undefined) out(`${source} ${version}: ${from === "was there" ? from : `from ${from}`}`);
  missing.forEach(out);
  if (missing.length === 0) return 0;
  out(`${missing.length} of ${obtained.length + (isOpenTofuWanted ? 1 : 0)} cannot be had here as pinned`);
  return CANNOT_RUN_HERE;
};

const leftOut = ({ source, version, from, reason, instead }: Obtained): string[] =>
  from === undefined
    ? [`left out: provider ${source} ${version}: ${reason}${instead ? `; ${instead} is there instead` : ""}`]
    : [];

const addOpenTofu = async (
  run: RunCommand,
  mirror: ProviderMirror,
  out: (line: string) => void,
  err: (line: string) => void,
): Promise<string[]> => {
  const program = openTofuProgram(mirror);
  const installed = await run("tofu", ["version"], { timeout: 30_000 });
  if (installed.code === 0 || existsSync(program)) {
    out("OpenTofu: was there");
    return [];
  }
  err(`OpenTofu ${openTofu.version} …`);
  const reason = await buildGoTool(run, openTofu, program);
  if (reason !== undefined) return [`left out: OpenTofu ${openTofu.version}: ${reason}`];
  out(`OpenTofu ${openTofu.version}: from Go modules`);
  return [];
};
