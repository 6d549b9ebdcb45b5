import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
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
      .flatMap(({ block }) => parseAllDocuments(String(block.yaml_body)).map((document) => document.toJS()))
      .filter((object: { kind?: unknown } | null) =>
        /^Cilium.*NetworkPolicy$|^NetworkPolicy$/.test(String(object?.kind)),
      );
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
};
