import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { App, TerraformStack } from "cdktf";
import { stackChecks } from "./checks.ts";
import { provedBelow } from "./provable.ts";
import { managedResources, type TerraformJson } from "./terraform-json.ts";

/** Everything that is wrong with an app, each on a line; nothing was written. */
export class SynthesisError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `${problems.length} ${problems.length === 1 ? "problem" : "problems"}, nothing was written:\n  ${problems.join("\n  ")}`,
    );
    this.name = "SynthesisError";
  }
}

/** What was synthesized, for the closing table. */
export interface SynthesizedStack {
  readonly name: string;
  readonly json: TerraformJson;
  readonly resources: number;
  /** Checks that ran on the stack; all of them passed. */
  readonly checks: number;
}

/**
 * Synthesizes every stack that `build` adds to the app, all or nothing: constructs' validations first, then the
 * checks on the Terraform JSON, and only then the output directory.
 *
 * Refused: whatever a construct or a check refuses, all of it in one SynthesisError.
 */
export const synthesize = (
  build: (app: App) => void,
  outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out",
): SynthesizedStack[] => {
  const target = resolve(outdir);
  const staging = mkdtempSync(join(tmpdir(), "cdktf-"));
  try {
    const app = new App({ outdir: staging, skipValidation: true });
    build(app);
    const stacks = app.node.findAll().filter(TerraformStack.isStack);
    refuse(constructProblems(app));
    app.synth();
    const synthesized = stacks.map((stack) => readStack(staging, stack));
    refuse(synthesized.flatMap(({ name, json }) => checkProblems(name, json)));
    publish(
      staging,
      target,
      stacks.map((stack) => stack.node.id),
    );
    return synthesized;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
};

const refuse = (problems: string[]) => {
  if (problems.length > 0) throw new SynthesisError(problems);
};

/** Validations of every construct of every stack, together: cdktf itself stops at the first stack. */
const constructProblems = (app: App): string[] =>
  app.node
    .findAll()
    .flatMap((construct) =>
      construct.node.validate().map((problem) => `[${construct.node.path}] ${problem}`),
    );

const checkProblems = (name: string, json: TerraformJson): string[] =>
  stackChecks.flatMap(({ check }) => check(json).map((problem) => `[${name}] ${problem}`));

const stackFile = (name: string) => join("stacks", name, "cdk.tf.json");

const readStack = (outdir: string, stack: TerraformStack): SynthesizedStack => {
  const name = stack.node.id;
  const json: TerraformJson = JSON.parse(readFileSync(join(outdir, stackFile(name)), "utf8"));
  return {
    name,
    json,
    resources: managedResources(json).length,
    checks: stackChecks.length + provedBelow(stack),
  };
};

/** Puts each file in place by a rename; what Terraform keeps beside them stays. */
const publish = (staging: string, target: string, names: string[]) => {
  for (const file of [...names.map(stackFile), "manifest.json"]) {
    const destination = join(target, file);
    mkdirSync(dirname(destination), { recursive: true });
    copyFileSync(join(staging, file), `${destination}.new`);
    renameSync(`${destination}.new`, destination);
  }
};
