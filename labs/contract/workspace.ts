/** A directory for one run of Terraform or OpenTofu with real providers; plans in it hold secrets. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { CommandResult, RunCommand } from "../../lib/core/process/command.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { openTofuProgram, type ProviderMirror } from "./provider-mirror.ts";

/** A schema of hundreds of resources takes long to print. */
const TIMEOUT = 10 * 60_000;

/** Terraform or OpenTofu. */
export interface TerraformProgram {
  readonly command: string;
  /** E.g. `terraform 1.11.4`. */
  readonly label: string;
}

/** Those that this machine has, on the path or where `npm run homelab -- providers --opentofu` puts it. */
export const terraformPrograms = async (
  run: RunCommand,
  mirror: ProviderMirror,
): Promise<TerraformProgram[]> => {
  const found: TerraformProgram[] = [];
  for (const [name, ...commands] of [
    ["terraform", "terraform"],
    ["tofu", "tofu", openTofuProgram(mirror)],
  ]) {
    for (const command of commands) {
      const { code, stdout } = await run(command, ["version", "-json"], { timeout: 60_000 });
      if (code !== 0) continue;
      // OpenTofu prints warnings, such as of a configuration file that is gone, before its answer.
      const { terraform_version } = JSON.parse(stdout.slice(stdout.indexOf("{")));
      found.push({ command, label: `${name} ${terraform_version}` });
      break;
    }
  }
  return found;
};

export class Workspace {
  private readonly directory = mkdtempSync(join(tmpdir(), "contract-"));
  private readonly configuration = join(this.directory, "terraformrc");

  constructor(
    private readonly run: RunCommand,
    private readonly program: TerraformProgram,
    mirror: ProviderMirror,
  ) {
    writeFileSync(this.configuration, mirror.cliConfiguration());
  }

  /** Writes a stack; returns its directory. */
  stack(name: string, json: TerraformJson | object, files: Readonly<Record<string, string>> = {}): string {
    const directory = join(this.directory, name);
    mkdirSync(directory, { recursive: true });
    // A line an argument, since messages quote the line.
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(json, null, 2));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
    return directory;
  }

  /** Runs the program in a directory. */
  terraform(
    directory: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    return this.run(this.program.command, args, {
      timeout: TIMEOUT,
      directory,
      variables: {
        CHECKPOINT_DISABLE: "1",
        TF_IN_AUTOMATION: "1",
        TF_CLI_CONFIG_FILE: this.configuration,
        ...variables,
      },
    });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Reduces the program's errors to a line each, without their frames. */
export const complaints = ({ code, stderr, stdout, timedOut }: CommandResult): string[] => {
  if (timedOut) return ["no answer in time"];
  if (code === 0) return [];
  const text = stripVTControlCharacters(stderr.trim() || stdout).replace(/[│╷╵]/g, " ");
  const errors = text
    .split(/^\s*Error: /m)
    .slice(1)
    .map((error) => error.replace(/\s+/g, " ").trim().slice(0, 600));
  return errors.length > 0 ? errors : [`ended with ${code}: ${text.trim().slice(-300)}`];
};
