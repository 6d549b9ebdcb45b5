import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../lib/core/stack-trace.ts";
import { apps } from "../../apps/index.ts";
import type { ChartSource } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import type { SynthesizedStack } from "../../lib/core/synthesis/synthesize.ts";
import { synthesizeEnvironments } from "../../stacks/homelab.ts";
import { lastStacks, type StackJson } from "./last-synthesis.ts";

/**
 * Synthesizes the stacks of environments at this revision, and hands them over with their directory; `cdktf.out`
 * stays as it is.
 */
export const withSynthesis = <T>(
  environments: readonly Environment[],
  look: (stacks: SynthesizedStack[], directory: string) => T,
  declarations: readonly AppDeclaration[] = apps,
  charts?: ChartSource,
): T => {
  const outdir = mkdtempSync(join(tmpdir(), "stacks-"));
  try {
    return look(synthesizeEnvironments(environments, declarations, outdir, charts), outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** The stacks of environments, as this revision synthesizes them: read where the last synthesis still stands. */
export const synthesizedStacks = (...environments: readonly Environment[]): StackJson[] =>
  lastStacks(...environments)?.() ?? withSynthesis(environments, (stacks) => stacks);
