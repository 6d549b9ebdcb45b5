/** Programs that come as Go modules. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandResult, RunCommand } from "../../lib/core/process/command.ts";

const DOWNLOAD = 5 * 60_000;
/** A provider with the Kubernetes client takes some minutes on two cores. */
const BUILD = 40 * 60_000;

/** A program inside a Go module. */
export interface GoTool {
  readonly module: string;
  /** Version of the module; a pseudo-version where its path lacks the suffix of its major version. */
  readonly version: string;
  /** @default - the module's own directory */
  readonly package?: string;
  /**
   * Variables that the linker sets, e.g. `{ "main.version": "1.2.3" }`.
   * @default - none
   */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * The version at which a module is published that this one replaces by a directory of its repository; undefined where
   * the version that it requires will do.
   * @default - a module with such a directory is refused
   */
  readonly published?: (module: string) => string | undefined;
  /**
   * Versions at which modules are taken from their own place, whatever the tool replaces them by: for what the module
   * proxy does not serve.
   * @default - none
   */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * Builds a program in a module of its own that only requires it. `go install` refuses a module with `replace`
 * directives; here they are taken over, except those to a directory, which the module alone does not bring: there the
 * published module counts, where the tool says at which version.
 *
 * Returns why there is no program, and nothing when there is one.
 */
export const buildGoTool = async (
  run: RunCommand,
  tool: GoTool,
  output: string,
): Promise<string | undefined> => {
  const scratch = mkdtempSync(join(tmpdir(), "go-tool-"));
  const go = (args: readonly string[], timeout: number) =>
    run("go", args, { timeout, directory: scratch, variables: { GOWORK: "off" } });
  try {
    const download = await go(["mod", "download", "-json", `${tool.module}@${tool.version}`], DOWNLOAD);
    const { GoMod: own, Error: refusal } = jsonOf(download);
    if (refusal !== undefined || own === undefined) return reasonOf(download, refusal);
    const edit = await go(["mod", "edit", "-json", own], DOWNLOAD);
    if (edit.code !== 0) return reasonOf(edit);
    const local = (jsonOf(edit).Replace ?? []).find(
      ({ Old, New }) => New.Version === undefined && !Object.hasOwn(tool.instead ?? {}, Old.Path),
    );
    if (local && !tool.published) return `replaces ${local.Old.Path} by a directory, ${local.New.Path}`;
    writeFileSync(join(scratch, "go.mod"), scratchModule(tool, readFileSync(own, "utf8"), jsonOf(edit)));
    mkdirSync(dirname(output), { recursive: true });
    const unfinished = `${output}.unfinished`;
    const flags = Object.entries(tool.variables ?? {}).map(([name, value]) => ` -X ${name}=${value}`);
    const build = await go(
      [
        "build",
        "-mod=mod",
        "-trimpath",
        "-buildvcs=false",
        `-ldflags=-s -w${flags.join("")}`,
        "-o",
        unfinished,
        join(tool.module, tool.package ?? ""),
      ],
      BUILD,
    );
    if (build.code !== 0) return reasonOf(build);
    if (!existsSync(unfinished)) return "was built, and is no program";
    renameSync(unfinished, output);
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

interface Versioned {
  readonly Path: string;
  readonly Version?: string;
}

interface GoOutput {
  readonly Error?: string;
  readonly GoMod?: string;
  readonly Go?: string;
  readonly Replace?: readonly { readonly Old: Versioned; readonly New: Versioned }[] | null;
}

const jsonOf = ({ stdout }: CommandResult): GoOutput => {
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
};

const scratchModule = (
  { module, version, published, instead = {} }: GoTool,
  own: string,
  { Replace }: GoOutput,
): string => {
  const language = /^go .+$/m.exec(own)?.[0] ?? "go 1.24";
  const text = ({ Path, Version }: Versioned) => (Version ? `${Path} ${Version}` : Path);
  const chosen = Object.entries(instead).map(([path, release]) => `replace ${path} => ${path} ${release}`);
  const replaced = (Replace ?? []).flatMap(({ Old, New }) => {
    if (Object.hasOwn(instead, Old.Path)) return [];
    if (New.Version !== undefined) return [`replace ${text(Old)} => ${text(New)}`];
    const release = published?.(Old.Path);
    return release === undefined ? [] : [`replace ${text(Old)} => ${Old.Path} ${release}`];
  });
  return ["module scratch", language, `require ${module} ${version}`, ...replaced, ...chosen, ""].join(
    "\n\n",
  );
};

/** Shortens Go's error to one line: a refusal of the module proxy by its status, anything else as it stands. */
const reasonOf = ({ code, stderr, timedOut }: CommandResult, said = stderr): string => {
  if (timedOut) return "Go took too long";
  const status = /: ((?:403|404|410) [A-Za-z ]+)$/m.exec(said)?.[1];
  if (status) return `the Go module proxy answers ${status}: ${moduleIn(said)}`;
  if (code === -1) return "Go is not installed";
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return `Go says: ${lines.at(-1)?.trim().slice(0, 300) ?? `exit code ${code}`}`;
};

/** The module that a message is about. */
const moduleIn = (message: string): string => /([\w./-]+@v[\w.+-]+)/.exec(message)?.[1] ?? "a module";
