import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../lib/core/stack-trace.ts";
import { apps } from "../../apps/index.ts";
import type { Environment } from "../../environments/schema.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import type { SynthesizedStack } from "../../lib/core/synthesis/synthesize.ts";
import { synthesizeEnvironments } from "../../stacks/homelab.ts";

/**
 * Has a look at the stacks of environments as this revision synthesizes them, and at the directory that holds them;
 * `cdktf.out` stays as it is.
 */
export const withSynthesis = <T>(
  environments: readonly Environment[],
  look: (stacks: SynthesizedStack[], directory: string) => T,
  declarations: readonly AppDeclaration[] = apps,
): T => {
  const before = process.env.CDKTF_OUTDIR;
  const outdir = mkdtempSync(join(tmpdir(), "stacks-"));
  process.env.CDKTF_OUTDIR = outdir;
  try {
    return look(synthesizeEnvironments(environments, declarations), outdir);
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
};

/** The stacks of an environment, as this revision synthesizes them. */
export const synthesizedStacks = (environment: Environment): SynthesizedStack[] =>
  withSynthesis([environment], (stacks) => stacks);
