/** Runs `homelab contract`: reports, and returns the exit code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../lib/core/process/command.ts";
import { environmentNamed, environmentNames } from "../../operations/cli/environments.ts";
import { synthesizedStacks } from "../../operations/cli/synthesized-stacks.ts";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { Checks } from "../checks.ts";
import { runContract } from "./contract.ts";
import { readSchemas } from "./kept-schemas.ts";
import { ProviderMirror } from "./provider-mirror.ts";

/** Kept schemas in the fixtures of the test suite, which judges by them as well. */
const SCHEMAS = "__tests__/fixtures/provider-schemas";

const textsIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(directory, file), "utf8"));

/** Returns the exit code. */
export const contractCommand = async (
  { updateSchemas, json }: { readonly updateSchemas: boolean; readonly json: boolean },
  { out, err }: Pick<Terminal, "out" | "err">,
): Promise<number> => {
  // Plans and states hold secrets, though those of a cluster that never is.
  process.umask(0o077);
  const checks = new Checks("contract", err);
  err("synthesizing …");
  await runContract({
    run: runCommand,
    mirror: ProviderMirror.ofMachine(),
    stacks: new Map(
      synthesizedStacks(...environmentNames.map(environmentNamed)).map(({ name, json }) => [name, json]),
    ),
    environments: environmentNames.map(environmentNamed),
    kept: readSchemas(SCHEMAS),
    keptIn: SCHEMAS,
    sources: ["apps", "lib", "stacks"].flatMap(textsIn),
    updateSchemas,
    checks,
  });
  return checks.report(out, json);
};
