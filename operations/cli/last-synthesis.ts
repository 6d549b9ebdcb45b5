/** The stacks that the last synthesis wrote, where they are those of this revision: loads nothing of what makes them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { LAYERS } from "../../lib/core/platform/layers.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { isAsWritten } from "./environments.ts";

export interface StackJson {
  readonly name: string;
  readonly json: TerraformJson;
}

/**
 * Reads the stacks of environments from the output of the last synthesis. Undefined when that was of another revision, day
 * or context, when its files were changed (`bin/memory.mjs` compares all of that), or for an environment that is not as
 * this revision has it.
 */
export const lastStacks = (...environments: readonly Environment[]): (() => StackJson[]) | undefined => {
  const { lastSynthesis } = globalThis as { readonly lastSynthesis?: () => string | undefined };
  const outdir = environments.every(isAsWritten) ? lastSynthesis?.() : undefined;
  return outdir === undefined
    ? undefined
    : () => environments.flatMap(({ name }) => LAYERS.map((layer) => readStack(outdir, `${name}-${layer}`)));
};

const readStack = (outdir: string, name: string): StackJson => ({
  name,
  json: JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")),
});
