/**
 * `npm run contract [-- --update-schemas]`: every stack against real providers, real Terraform and OpenTofu, and
 * Talos' own library, as far as this machine has them; says what it left out and why. `npm run providers` brings the
 * providers. Exit codes: 0 nothing failed, 1 something did, 2 wrong use.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../lib/core/process/command.ts";
import { environmentNamed, environmentNames } from "../../operations/cli/environments.ts";
import { synthesizedStacks } from "../../operations/cli/synthesized-stacks.ts";
import { runContract } from "../contract/contract.ts";
import { readSchemas } from "../contract/kept-schemas.ts";
import { Ledger } from "../contract/ledger.ts";
import { ProviderMirror } from "../contract/provider-mirror.ts";

/** Of the test suite, which judges by them as well. */
const SCHEMAS = "__tests__/fixtures/provider-schemas";

const textsIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(directory, file), "utf8"));

const main = async (updateSchemas: boolean): Promise<number> => {
  // Plans and states hold secrets, though those of a cluster that never is.
  process.umask(0o077);
  const ledger = new Ledger((line) => console.log(line));
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
    ledger,
  });
  return ledger.close() ? 0 : 1;
};

try {
  const options = { "update-schemas": { type: "boolean", default: false } } as const;
  const { values } = parseArgs({ options });
  process.exitCode = await main(values["update-schemas"]);
} catch (error) {
  console.error(`contract: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
