/**
 * Puts real providers into a mirror: from their registry, otherwise built as Go tools; where neither has the pinned
 * version, another one, which is never taken for it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { CommandResult, RunCommand } from "../../lib/core/process/command.ts";
import { buildGoTool } from "../programs/go-tool.ts";
import { ProviderAddress } from "./provider-address.ts";
import { PROVIDER_PLATFORM, type ProviderMirror } from "./provider-mirror.ts";
import { nearbyVersion, providerTool } from "./provider-recipes.ts";
import type { PinnedProvider } from "./required-providers.ts";

const DOWNLOAD = 10 * 60_000;

export interface Obtained extends PinnedProvider {
  /** The source from which it came to the mirror. */
  readonly from: "was there" | "its registry" | "Go modules" | undefined;
  /** The reason why the mirror lacks it; empty when it has it. */
  readonly reason: string;
  /** The version that the mirror has instead, where it lacks the pinned one. */
  readonly instead?: string;
}

/**
 * Obtains one provider after the other; one that cannot be had carries the reasons, and the version that is there
 * instead.
 */
export const fillMirror = async (
  run: RunCommand,
  mirror: ProviderMirror,
  wanted: readonly PinnedProvider[],
  say: (line: string) => void = () => {},
): Promise<Obtained[]> => {
  const obtained: Obtained[] = [];
  for (const pinned of wanted) {
    say(`${pinned.source} ${pinned.version} …`);
    obtained.push({ ...pinned, ...(await obtain(run, mirror, pinned)) });
  }
  return obtained;
};

const obtain = async (
  run: RunCommand,
  mirror: ProviderMirror,
  pinned: PinnedProvider,
): Promise<Omit<Obtained, keyof PinnedProvider>> => {
  const { source, version } = pinned;
  if (mirror.offers(source, version)) return { from: "was there", reason: "" };
  const download = await fromRegistry(run, mirror, pinned);
  if (mirror.offers(source, version)) return { from: "its registry", reason: "" };
  const built = await build(run, mirror, pinned);
  if (built === undefined) return { from: "Go modules", reason: "" };
  const reasons = [download, built];
  const nearby = nearbyVersion(source);
  if (nearby !== undefined && mirror.nearest(source, version) === undefined) {
    const refused = await build(run, mirror, { source, version: nearby });
    if (refused !== undefined) reasons.push(`${nearby}: ${refused}`);
  }
  const instead = mirror.nearest(source, version)?.version;
  return { from: undefined, reason: reasons.join("; "), ...(instead !== undefined && { instead }) };
};

/** Returns why the mirror does not have it, and nothing when it has. */
const build = async (
  run: RunCommand,
  mirror: ProviderMirror,
  { source, version }: PinnedProvider,
): Promise<string | undefined> => {
  const tool = providerTool(source, version);
  if (typeof tool === "string") return tool;
  const reason = await buildGoTool(run, tool, mirror.programOf(source, version));
  return reason ?? (mirror.offers(source, version) ? undefined : "was built, and is not in the mirror");
};

/** Asks Terraform, otherwise OpenTofu. Returns why there is nothing; its word alone does not count. */
const fromRegistry = async (
  run: RunCommand,
  mirror: ProviderMirror,
  { source, version }: PinnedProvider,
): Promise<string> => {
  const { type, full } = ProviderAddress.parse(source);
  const scratch = mkdtempSync(join(tmpdir(), "providers-"));
  try {
    mkdirSync(mirror.directory, { recursive: true });
    const provider = { source: full, version };
    writeFileSync(
      join(scratch, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { [type]: provider } } }),
    );
    const args = [
      `-chdir=${scratch}`,
      "providers",
      "mirror",
      `-platform=${PROVIDER_PLATFORM}`,
      mirror.directory,
    ];
    for (const command of ["terraform", "tofu"]) {
      const result = await run(command, args, {
        timeout: DOWNLOAD,
        variables: { CHECKPOINT_DISABLE: "1" },
      });
      if (result.code !== -1 || result.timedOut) return `${command}: ${complaint(result)}`;
    }
    return "neither terraform nor tofu is installed";
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** The first thing that Terraform complains about, without colours, frame and addresses. */
const complaint = ({ stderr, timedOut }: CommandResult): string => {
  if (timedOut) return "no answer in time";
  const words = stripVTControlCharacters(stderr)
    .replace(/[│╷╵]/g, " ")
    .replace(/"https?:[^"]*":/g, "")
    .replace(/\s+/g, " ");
  const first = words.split("Error: ")[1] ?? words;
  return (
    first
      .replace(/^.*from its origin registry: /, "")
      .trim()
      .slice(0, 200) || "says nothing"
  );
};
