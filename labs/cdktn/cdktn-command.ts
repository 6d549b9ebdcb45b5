/** Runs `homelab cdktn`: tries the way to cdktn, reports, and returns the exit code. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mustRunSync, runCommandSync } from "../../lib/core/process/command.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { aliased, type PackageJson, type StackFiles, stackDifferences } from "./way.ts";

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
  console.error(`\n$ ${command} ${args.join(" ")}`);
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

/** Lists the problems that keep the project from moving to cdktn. */
const walk = (directory: string, version: string): readonly string[] => {
  const cores = coresIn(directory);
  if (cores.length !== 1 || !cores[0]?.endsWith(`: cdktn@${version}`))
    return [`one core must be in the tree, cdktn@${version}: got ${cores.join(", ") || "none"}`];
  const synth = [process.execPath, ["bin/synth.mjs"]] as const;
  if (!runs(".", ...synth)) return ["the project itself does not synthesize"];
  if (!runs(directory, ...synth)) return [`cdktn ${version} does not synthesize the project`];
  const problems = stackDifferences(synthesized("."), synthesized(directory));
  const snapshots = ["--no-install", "vitest", "run", "__tests__/stacks/snapshot.test.ts"];
  if (!runs(directory, "npx", snapshots)) problems.push("the committed snapshots differ");
  return problems;
};

/** Returns the exit code. */
export const cdktnCommand = (
  version: string,
  keep: boolean,
  { out, err }: Pick<Terminal, "out" | "err">,
): number => {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new UsageError(`--version: must be exact: got ${version}`);
  const directory = mkdtempSync(join(tmpdir(), "cdktn-"));
  try {
    copyTo(directory);
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as PackageJson;
    writeFileSync(join(directory, "package.json"), JSON.stringify(aliased(manifest, version), null, 2));
    if (!runs(directory, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"])) {
      out(`cdktn ${version} could not be installed`);
      return CANNOT_RUN_HERE;
    }
    const problems = walk(directory, version);
    for (const problem of problems) err(problem);
    if (problems.length === 0)
      out(`\nThe way to cdktn ${version} is open: all stacks are the same but for its own metadata.`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    if (keep) out(`kept: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
};
