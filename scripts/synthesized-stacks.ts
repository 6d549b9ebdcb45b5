import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../lib/stack-trace.ts";
import type { Environment } from "../environments/schema.ts";
import type { SynthesizedStack } from "../lib/synthesis/synthesize.ts";
import { synthesizeEnvironments } from "../stacks/homelab.ts";

/** The stacks of an environment, as this revision synthesizes them; `cdktf.out` stays as it is. */
export const synthesizedStacks = (environment: Environment): SynthesizedStack[] => {
  const before = process.env.CDKTF_OUTDIR;
  const outdir = mkdtempSync(join(tmpdir(), "stacks-"));
  process.env.CDKTF_OUTDIR = outdir;
  try {
    return synthesizeEnvironments([environment]);
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
};
