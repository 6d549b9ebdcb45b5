import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, TerraformOutput, TerraformStack } from "cdktf";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SynthesisError, synthesize as synthesizeInto } from "../../../../lib/core/synthesis/synthesize.ts";

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "out-"));
});

afterEach(() => {
  rmSync(outdir, { recursive: true });
});

const synthesize = (build: (app: App) => void) => synthesizeInto(build, outdir);

const stack = (app: App, name: string, problems: string[] = []) => {
  const made = new TerraformStack(app, name);
  made.node.addValidation({ validate: () => problems });
  return made;
};

const problemsOf = (build: (app: App) => void): readonly string[] => {
  try {
    synthesize(build);
  } catch (error) {
    if (error instanceof SynthesisError) return error.problems;
    throw error;
  }
  return [];
};

test("writes every stack and the manifest, and leaves what Terraform keeps beside them", () => {
  synthesize((app) => stack(app, "one"));
  const beside = join(outdir, "stacks/one/.terraform.lock.hcl");
  writeFileSync(beside, "kept");
  const stacks = synthesize((app) => {
    new TerraformOutput(stack(app, "one"), "out", { value: "new" });
    stack(app, "two");
  });
  expect(stacks.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(readFileSync(join(outdir, "stacks/one/cdk.tf.json"), "utf8")).toContain('"new"');
  expect(readFileSync(beside, "utf8")).toBe("kept");
  expect(Object.keys(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")).stacks)).toEqual([
    "one",
    "two",
  ]);
});

test("reports the problems of all stacks together and writes nothing", () => {
  const problems = problemsOf((app) => {
    stack(app, "good");
    stack(app, "bad", ["first", "second"]);
    stack(app, "worse", ["third"]);
  });
  expect(problems).toEqual(["[bad] first", "[bad] second", "[worse] third"]);
  expect(readdirSync(outdir)).toEqual([]);
});

test("a check on the Terraform JSON refuses as well", () => {
  const problems = problemsOf((app) => {
    stack(app, "one").addOverride("resource.null_resource.x", {});
    stack(app, "two").addOverride("resource.kubernetes_manifest.y", {});
  });
  expect(problems).toEqual([
    "[one] null_resource.x: exists only to run provisioners",
    expect.stringContaining("[two] kubernetes_manifest.y: use CustomResource"),
  ]);
  expect(existsSync(join(outdir, "manifest.json"))).toBe(false);
});
