import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { App, TerraformStack } from "cdktf";
import { counted } from "../lists.ts";
import { stackChecks } from "./checks.ts";
import { type Problem, problemReport, textsOf } from "./problem-report.ts";
import { provables, provedBelow } from "./provable.ts";
import { managedResources, type TerraformJson } from "./terraform-json.ts";

/** Everything that is wrong with an app, each on a line; nothing was written. */
export class SynthesisError extends Error {
  /** All of them, a line each; the message groups them. */
  readonly problems: readonly string[];

  constructor(problems: readonly (string | Problem)[]) {
    super(problemReport(`${counted(problems.length, "problem")}, nothing was written:`, problems));
    this.name = "SynthesisError";
    this.problems = textsOf(problems);
  }
}

/** A synthesized stack, for the closing table. */
export interface SynthesizedStack {
  readonly name: string;
  readonly json: TerraformJson;
  readonly resources: number;
  /** Checks that ran on the stack; all of them passed. */
  readonly checks: number;
}

/**
 * Synthesizes every stack that `build` adds to the app, all or nothing: constructs' validations, the
 * checks and proofs on the Terraform JSON, and only then the output directory.
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
    const problems = constructProblems(app);
    const written = write(app, staging, stacks, problems.length > 0);
    refuse([
      ...problems,
      ...[...written].flatMap(([name, json]) => checkProblems(name, json)),
      ...outputProblems(app, written),
    ]);
    const synthesized = stacks.map((stack) => synthesizedStack(stack, written));
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

const refuse = (problems: readonly (string | Problem)[]) => {
  if (problems.length > 0) throw new SynthesisError(problems);
};

/** Validations of every construct of every stack, together: cdktf itself stops at the first stack. */
const constructProblems = (app: App): string[] =>
  app.node
    .findAll()
    .flatMap((construct) =>
      construct.node.validate().map((problem) => `[${construct.node.path}] ${problem}`),
    );

/**
 * Writes every stack and reads it back. Of an app that is refused already whatever can be written is judged too, so
 * that everything is said at once.
 */
const write = (
  app: App,
  outdir: string,
  stacks: readonly TerraformStack[],
  isRefused: boolean,
): ReadonlyMap<string, TerraformJson> => {
  try {
    app.synth();
  } catch (error) {
    if (!isRefused) throw error;
    return new Map();
  }
  return new Map(
    stacks.map(({ node: { id } }) => [id, JSON.parse(readFileSync(join(outdir, stackFile(id)), "utf8"))]),
  );
};

/** Problems that proofs find in the stacks as they are written. */
const outputProblems = (app: App, written: ReadonlyMap<string, TerraformJson>): Problem[] =>
  written.size === 0
    ? []
    : provables(app).flatMap((construct) =>
        (construct.problemsOf?.(written) ?? []).map(({ cause, text }) => ({
          cause: `[${construct.node.path}] ${cause}`,
          text: `[${construct.node.path}] ${text}`,
        })),
      );

const checkProblems = (name: string, json: TerraformJson): string[] =>
  stackChecks.flatMap(({ check }) => check(json).map((problem) => `[${name}] ${problem}`));

const stackFile = (name: string) => join("stacks", name, "cdk.tf.json");

const synthesizedStack = (
  stack: TerraformStack,
  written: ReadonlyMap<string, TerraformJson>,
): SynthesizedStack => {
  const name = stack.node.id;
  const json = written.get(name) ?? {};
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
