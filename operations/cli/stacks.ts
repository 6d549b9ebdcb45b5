import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesizedStack } from "../../lib/core/synthesis/synthesize.ts";
import { synthesizeEnvironments } from "../../stacks/homelab.ts";
import { environmentNamed, environmentNames } from "./environments.ts";

/** Every stack of every environment, synthesized now; `cdktf.out` stays as it is. */
export const synthesizedStacks = (): SynthesizedStack[] => {
  const outdir = mkdtempSync(join(tmpdir(), "stacks-"));
  try {
    process.env.CDKTF_OUTDIR = outdir;
    return synthesizeEnvironments(environmentNames.map(environmentNamed));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
