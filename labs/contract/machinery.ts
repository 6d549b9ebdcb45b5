/** Talos' own validation, of the library that its machines run: a small Go program beside this file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunCommand } from "../../lib/core/process/command.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";

const SOURCE = fileURLToPath(new URL("./machinery", import.meta.url));
const BUILD = 20 * 60_000;

/** A machine to be judged: its configuration, or the arguments that one is generated from. */
export interface ConfiguredMachine {
  readonly name: string;
  readonly configuration?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface JudgedMachine {
  readonly name: string;
  /** Holds secrets; made up where it was generated here. */
  readonly configuration: string;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

/** Talos' library of one minor version. */
export interface Library {
  /** The module file that names it, in the directory of the program. */
  readonly file: string;
  /** E.g. `v1.12.4`. */
  readonly version: string;
}

const versionIn = (file: string): string =>
  /siderolabs\/talos\/pkg\/machinery (v\S+)/.exec(readFileSync(join(SOURCE, file), "utf8"))?.[1] ?? "";

const living = (): Library => ({ file: "go.mod", version: versionIn("go.mod") });

/** The version of the library that the living machines are judged by. */
export const machineryVersion = (): string => living().version;

/** The libraries that can be built here, the oldest first. */
export const libraries = (): Library[] =>
  ["go.mod", "v1.13.mod", "v1.14.mod"].map((file) => ({ file, version: versionIn(file) }));

/** Reads the arguments that the stack gives to the data source of each machine. */
export const machineInputs = (stack: TerraformJson): ConfiguredMachine[] =>
  Object.entries(stack.data?.talos_machine_configuration ?? {}).map(([id, block]) => {
    const { "//": _, machine_secrets: _secrets, ...inputs } = block;
    return { name: id, inputs };
  });

/** The file of the program of a library, in the directory that it was built into. */
export const machineryIn = (directory: string, { version }: Library = living()): string =>
  join(directory, `machinery-${version}`);

/** Builds the program; returns its path, or why there is none. */
export const buildMachinery = async (
  run: RunCommand,
  directory: string,
  library: Library = living(),
): Promise<{ readonly program: string } | { readonly reason: string }> => {
  const program = machineryIn(directory, library);
  const args = ["build", "-trimpath", "-buildvcs=false", `-modfile=${library.file}`, "-o", program, "."];
  const { code, stderr, timedOut } = await run("go", args, { timeout: BUILD, directory: SOURCE });
  if (code === 0) return { program };
  if (timedOut) return { reason: "Go took too long" };
  if (code === -1) return { reason: "Go is not installed" };
  return { reason: `Go says: ${stderr.trim().split("\n").at(-1)}` };
};

/** Puts machines before Talos' validation, for the platform metal. */
export const judgeMachines = async (
  run: RunCommand,
  program: string,
  machines: readonly ConfiguredMachine[],
): Promise<JudgedMachine[]> => {
  const directory = mkdtempSync(join(tmpdir(), "machines-"));
  try {
    const file = join(directory, "machines.json");
    writeFileSync(file, JSON.stringify(machines), { mode: 0o600 });
    const { code, stdout, stderr } = await run(program, [file], { timeout: BUILD });
    if (code !== 0) throw new Error(`machinery: ${stderr.trim()}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
