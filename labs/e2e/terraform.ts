/** Terraform, in the directory of a stack. */
import { join } from "node:path";
import {
  type CommandResult,
  lastLines,
  type RunOptions,
  runCommand,
} from "../../lib/core/process/command.ts";
import { INIT, importObject, SHOW_LOCK, unlock } from "../../operations/deploy/cut-off.ts";

export interface PlannedChange {
  readonly address: string;
  /** `create`, `update`, `delete`; a replacement has two. */
  readonly actions: readonly string[];
}

interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** Terraform names the lock that it could not get. */
const LOCK_ID = /ID:\s+([0-9a-f-]{36})/;

export class Terraform {
  constructor(
    private readonly env: Readonly<Record<string, string>>,
    private readonly program = "terraform",
  ) {}

  /** Runs Terraform; a failure is an answer. */
  try(directory: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    return runCommand(this.program, [`-chdir=${directory}`, ...args], { ...options, variables: this.env });
  }

  private async must(directory: string, args: readonly string[]): Promise<string> {
    const finished = await this.try(directory, args);
    if (finished.code === 0) return finished.stdout;
    throw new Error(`terraform ${args[0]} ended with ${finished.code}:\n${lastLines(finished)}`);
  }

  async init(directory: string): Promise<void> {
    await this.must(directory, INIT);
  }

  async apply(directory: string): Promise<void> {
    await this.must(directory, ["apply", "-auto-approve", "-input=false", "-no-color"]);
  }

  /** An apply that may be ended early; a failure is an answer. */
  tryApply(directory: string, options: RunOptions = {}): Promise<CommandResult> {
    return this.try(directory, ["apply", "-auto-approve", "-input=false", "-no-color"], options);
  }

  /** Lists the changes that a plan would make. Refused: a plan that fails. */
  async plan(directory: string): Promise<PlannedChange[]> {
    const file = "e2e.tfplan";
    await this.must(directory, ["plan", "-input=false", "-no-color", `-out=${file}`]);
    const plan = JSON.parse(await this.must(directory, ["show", "-json", file])) as PlanJson;
    return (plan.resource_changes ?? [])
      .filter(({ mode, change }) => mode === "managed" && !change.actions.includes("no-op"))
      .map(({ address, change }) => ({ address, actions: change.actions }));
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

  /** Takes away the lock that a killed run left; returns whether there was one. */
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
