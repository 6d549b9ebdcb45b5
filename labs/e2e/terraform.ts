/** Terraform as the end-to-end run calls it: with credentials and variables of the sandbox, and endable in the middle. */
import { join } from "node:path";
import {
  type CommandResult,
  lastLines,
  type RunOptions,
  runCommand,
} from "../../lib/core/process/command.ts";
import {
  APPLY_UNASKED,
  INIT_ANEW,
  importObject,
  inDirectory,
  planTo,
  SHOW_LOCK,
  showJson,
  unlock,
} from "../../operations/deploy/terraform-commands.ts";
import { type ResourceChange, readPlan } from "../../operations/guard/terraform-plan.ts";

/** Terraform names the lock that it could not get. */
const LOCK_ID = /ID:\s+([0-9a-f-]{36})/;

export class SandboxTerraform {
  constructor(
    private readonly env: Readonly<Record<string, string>>,
    private readonly program = "terraform",
  ) {}

  /** Runs Terraform; a failure is an answer. */
  try(directory: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    return runCommand(this.program, inDirectory(directory, args), { ...options, variables: this.env });
  }

  private async must(directory: string, args: readonly string[]): Promise<string> {
    const finished = await this.try(directory, args);
    if (finished.code === 0) return finished.stdout;
    throw new Error(`terraform ${args[0]} ended with ${finished.code}:\n${lastLines(finished)}`);
  }

  async init(directory: string): Promise<void> {
    await this.must(directory, INIT_ANEW);
  }

  async apply(directory: string): Promise<void> {
    await this.must(directory, APPLY_UNASKED);
  }

  /** An apply that may be ended early; a failure is an answer. */
  tryApply(directory: string, options: RunOptions = {}): Promise<CommandResult> {
    return this.try(directory, APPLY_UNASKED, options);
  }

  /** Lists the changes that a plan would make. Refused: a plan that fails. */
  async plan(directory: string): Promise<ResourceChange[]> {
    const file = "e2e.tfplan";
    await this.must(directory, planTo(file));
    const { changes } = readPlan(await this.must(directory, showJson(file)));
    return changes.filter(({ kind }) => kind !== "no-op");
  }

  /** Takes what is there into the state. */
  async import(directory: string, address: string, id: string): Promise<void> {
    await this.must(directory, importObject(address, id));
  }

  /** The state as it is stored. */
  state(directory: string): Promise<string> {
    return this.must(directory, ["state", "pull"]);
  }

  /** Addresses in the state. */
  async stateList(directory: string): Promise<string[]> {
    return (await this.must(directory, ["state", "list"])).split("\n").filter((line) => line !== "");
  }

  /** Takes away the lock that a killed run left; returns true when there was one. */
  async unlock(directory: string): Promise<boolean> {
    const { stdout, stderr } = await this.try(directory, SHOW_LOCK);
    const id = LOCK_ID.exec(`${stdout}${stderr}`)?.[1];
    if (id === undefined) return false;
    await this.must(directory, unlock(id));
    return true;
  }
}

/** Directory of a stack below what synthesis wrote. */
export const stackDirectory = (outdir: string, stack: string): string => join(outdir, "stacks", stack);
