/**
 * Walks the way to cdktn (docs/adr/0004) in a copy of the project, and leaves the project as it is:
 *
 *     npm run cdktn -- [--version 0.24.0] [--keep]
 *
 * cdktn takes the place of cdktf under its name, for the prebuilt bindings too. All stacks must then synthesize to what
 * they are here but for the framework's own metadata, and to the committed snapshots. `--keep` leaves the copy behind.
 * Exit codes: 0 the way is open, 1 it is not, 2 unusable request, 77 the registry cannot be reached.
 */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { mustRunSync, runCommandSync } from "../../lib/core/process/command.ts";
import { aliased, differences, type PackageJson, type StackFiles } from "../cdktn/way.ts";

const VERSION = "0.24.0";
const CANNOT_RUN_HERE = 77;

const copyTo = (directory: string): void => {
  const tracked = mustRunSync("git", ["ls-files", "-z"]).split("\0").filter(Boolean);
  for (const file of tracked) {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    cpSync(file, join(directory, file));
  }
};

/** Runs a command in a directory, shows what it says, and tells whether it went well. */
const runs = (directory: string, command: string, args: readonly string[]): boolean => {
  console.log(`\n$ ${command} ${args.join(" ")}`);
  const variables = { CDKTF_OUTDIR: undefined, CDKTF_CONTEXT_JSON: undefined, CI: "1" };
  return runCommandSync(command, args, { directory, variables, shown: true }).code === 0;
};

/** The framework's packages that a tree holds, each with its version. */
const coresIn = (directory: string): string[] =>
  mustRunSync("find", [".", "-path", "*/node_modules/cdktf/package.json"], { directory })
    .split("\n")
    .filter(Boolean)
    .map((path) => {
      const { name, version } = JSON.parse(readFileSync(join(directory, path), "utf8"));
      return `${dirname(path)}: ${name}@${version}`;
    });

const synthesized = (directory: string): StackFiles => {
  const stacks = join(directory, "cdktf.out", "stacks");
  return new Map(
    readdirSync(stacks).map((name) => [name, readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")]),
  );
};

/** What keeps the way from being open. */
const walk = (directory: string, version: string): readonly string[] => {
  const cores = coresIn(directory);
  if (cores.length !== 1 || !cores[0]?.endsWith(`: cdktn@${version}`))
    return [`one core must be in the tree, cdktn@${version}: got ${cores.join(", ") || "none"}`];
  const synth = [process.execPath, ["bin/synth.mjs"]] as const;
  if (!runs(".", ...synth)) return ["the project itself does not synthesize"];
  if (!runs(directory, ...synth)) return [`cdktn ${version} does not synthesize the project`];
  const problems = differences(synthesized("."), synthesized(directory));
  const snapshots = ["--no-install", "vitest", "run", "__tests__/stacks/snapshot.test.ts"];
  if (!runs(directory, "npx", snapshots)) problems.push("the committed snapshots differ");
  return problems;
};

const main = (): number => {
  const { values } = parseArgs({
    options: { version: { type: "string", default: VERSION }, keep: { type: "boolean", default: false } },
  });
  const { version, keep } = values;
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`--version: must be exact: got ${version}`);
  const directory = mkdtempSync(join(tmpdir(), "cdktn-"));
  try {
    copyTo(directory);
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as PackageJson;
    writeFileSync(join(directory, "package.json"), JSON.stringify(aliased(manifest, version), null, 2));
    if (!runs(directory, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"])) {
      console.log(`cdktn ${version} could not be installed`);
      return CANNOT_RUN_HERE;
    }
    const problems = walk(directory, version);
    for (const problem of problems) console.error(problem);
    if (problems.length === 0)
      console.log(`\nThe way to cdktn ${version} is open: all stacks are the same but for its own metadata.`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    if (keep) console.log(`kept: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(`cdktn: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
