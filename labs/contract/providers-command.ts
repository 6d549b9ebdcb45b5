/** `npm run providers`: what it accepts, says and returns. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import type { RunCommand } from "../../lib/core/process/command.ts";
import { buildGoTool } from "../programs/go-tool.ts";
import { openTofu } from "../programs/pinned-tools.ts";
import { fillMirror, type Obtained } from "./fill-mirror.ts";
import { openTofuProgram, type ProviderMirror } from "./provider-mirror.ts";
import type { PinnedProvider } from "./required-providers.ts";

const USAGE = `usage: npm run providers [-- --opentofu]

Fills a mirror of providers with the versions that the stacks pin: downloads them from their registry, otherwise
builds them as Go tools. Where neither is to be had, it builds another version, which contract and e2e take in place of
the pinned one and name. The mirror is the one that TERRAFORM_PROVIDER_MIRROR names, otherwise one in the user's cache.

  --opentofu   builds OpenTofu as well, where no tofu is installed

exit codes: 0 the mirror has all; 77 something cannot be had here, and is named; 2 wrong use`;

/** For programs that run it: not a failure, but not all there either. */
const CANNOT_RUN_HERE = 77;

/** Returns the exit code. */
export const providersCommand = async (
  args: readonly string[],
  run: RunCommand,
  mirror: ProviderMirror,
  wanted: () => readonly PinnedProvider[],
  out: (line: string) => void,
): Promise<number> => {
  let isOpenTofuWanted: boolean;
  try {
    isOpenTofuWanted = parse(args);
  } catch (error) {
    out(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  out(`mirror: ${mirror.directory}`);
  const obtained = await fillMirror(run, mirror, wanted(), out);
  const missing = obtained.flatMap((each) => leftOut(each));
  if (isOpenTofuWanted) missing.push(...(await addOpenTofu(run, mirror, out)));
  for (const { source, version, from } of obtained)
    if (from !== undefined) out(`${source} ${version}: ${from === "was there" ? from : `from ${from}`}`);
  missing.forEach(out);
  if (missing.length === 0) return 0;
  out(`${missing.length} of ${obtained.length + (isOpenTofuWanted ? 1 : 0)} cannot be had here as pinned`);
  return CANNOT_RUN_HERE;
};

const parse = (args: readonly string[]): boolean =>
  parseArgs({ args: [...args], options: { opentofu: { type: "boolean", default: false } } }).values.opentofu;

const leftOut = ({ source, version, from, reason, instead }: Obtained): string[] =>
  from === undefined
    ? [`left out: provider ${source} ${version}: ${reason}${instead ? `; ${instead} is there instead` : ""}`]
    : [];

const addOpenTofu = async (
  run: RunCommand,
  mirror: ProviderMirror,
  out: (line: string) => void,
): Promise<string[]> => {
  const program = openTofuProgram(mirror);
  const installed = await run("tofu", ["version"], { timeout: 30_000 });
  if (installed.code === 0 || existsSync(program)) {
    out("OpenTofu: was there");
    return [];
  }
  out(`OpenTofu ${openTofu.version} …`);
  const reason = await buildGoTool(run, openTofu, program);
  if (reason !== undefined) return [`left out: OpenTofu ${openTofu.version}: ${reason}`];
  out(`OpenTofu ${openTofu.version}: from Go modules`);
  return [];
};
