/** The cdktf command line over the project's app, with switches thrown. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CommandResult,
  lastLines,
  type RunOptions,
  runCommand,
} from "../../lib/core/process/command.ts";
import type { SwitchName } from "./switches.ts";

/** Names of switches for the app, comma-separated. */
export const SWITCHES = "E2E_SWITCHES";

export class Cdktf {
  constructor(
    private readonly root: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Synthesizes what `npm run synth` does, to the letter. */
  async synthesizeAsItIs(outdir: string): Promise<void> {
    await this.runSynthesis(["bin/synth.mjs"], { CDKTF_OUTDIR: outdir });
  }

  /** Synthesizes the app as cdktf would, with the providers that this machine has, and throws switches. */
  async synthesize(outdir: string, switches: readonly SwitchName[]): Promise<void> {
    await this.runSynthesis(["--import", "tsx", this.app], {
      CDKTF_OUTDIR: outdir,
      [SWITCHES]: switches.join(","),
    });
  }

  private async runSynthesis(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
    const finished = await runCommand(process.execPath, args, {
      directory: this.root,
      variables: { ...this.env, ...env },
    });
    if (finished.code !== 0) throw new Error(`synthesis failed:\n${lastLines(finished)}`);
  }

  /** `cdktf deploy` or `cdktf destroy` of stacks; a failure is an answer. */
  async change(
    verb: "deploy" | "destroy",
    stacks: readonly string[],
    outdir: string,
    switches: readonly SwitchName[],
    options: RunOptions = {},
  ): Promise<CommandResult> {
    const app = [process.execPath, "--import", "tsx", this.app].map((word) => `'${word}'`).join(" ");
    const finished = await runCommand(
      process.execPath,
      [
        join(this.root, "node_modules/cdktf-cli/bundle/bin/cdktf.js"),
        ...[verb, ...stacks, "--auto-approve", "--skip-provider-lock", "--no-color"],
        ...["--app", app, "--output", outdir],
      ],
      {
        ...options,
        directory: this.root,
        variables: { ...this.env, CI: "1", [SWITCHES]: switches.join(",") },
      },
    );
    // For a look at a run that was kept.
    writeFileSync(`${outdir}.${verb}.log`, `${finished.stdout}\n${finished.stderr}`);
    return finished;
  }

  private get app(): string {
    return join(this.root, "labs/e2e/app.ts");
  }
}
