import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../lib/stack-trace.ts";
import type { Environment } from "../environments/schema.ts";
import { managedResources } from "../lib/synthesis/terraform-json.ts";
import { synthesizeEnvironments } from "../stacks/homelab.ts";

/** The network policies of an environment's other stacks, as this revision synthesizes them. */
export const otherPolicies = (environment: Environment, stack: string): unknown[] => {
  const before = process.env.CDKTF_OUTDIR;
  const outdir = mkdtempSync(join(tmpdir(), "policies-"));
  process.env.CDKTF_OUTDIR = outdir;
  try {
    return synthesizeEnvironments([environment])
      .filter(({ name }) => name !== stack)
      .flatMap(({ json }) => managedResources(json))
      .filter(({ type }) => type === "kubectl_manifest")
      .map(({ block }) => JSON.parse(String(block.yaml_body)))
      .filter(({ kind }) => /^Cilium.*NetworkPolicy$|^NetworkPolicy$/.test(kind));
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
};
