/** The cluster, the stacks and Terraform, which every check works with. */

import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import type { Cdktf } from "./cdktf.ts";
import type { ClusterCredentials } from "./certificates.ts";
import type { FoundChart } from "./charts.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { CustomResourceDefinition } from "./definition.ts";
import type { SandboxKubectl } from "./kubectl.ts";
import type { StateBucket } from "./state-bucket.ts";
import type { SwitchName } from "./switches.ts";
import type { Manifest } from "./synthesized.ts";
import { type SandboxTerraform, stackDirectory } from "./terraform.ts";

export interface E2eWorld {
  readonly environment: Environment;
  /** The deployed stacks as they are synthesized, upper ones first. */
  readonly stacks: readonly NamedStack[];
  /** The custom resources in them. */
  readonly manifests: readonly Manifest[];
  readonly definitions: readonly CustomResourceDefinition[];
  /** The objects of the cluster before any stack was deployed, definitions included. */
  readonly baseline: readonly string[];
  readonly charts: readonly FoundChart[];
  readonly kubectl: SandboxKubectl;
  readonly controlPlane: ControlPlane;
  readonly bucket: StateBucket;
  readonly terraform: SandboxTerraform;
  readonly cdktf: Cdktf;
  readonly helm: string;
  readonly outdirs: Outdirs;
  /** Values of variables, which are secrets wherever they are declared so. */
  readonly variables: Readonly<Record<string, string>>;
  readonly credentials: ClusterCredentials;
  /** The output of deploys. */
  readonly transcript: string[];
  readonly options: Options;
  log(line: string): void;
}

export interface Options {
  /** The number of applies that are killed. */
  readonly kills: number;
  /** Seed of the random points. */
  readonly seed: number;
  /** The faults that are injected on purpose. */
  readonly faults: readonly string[];
}

/** Directories with what synthesis wrote, one for each set of switches; made when first asked for. */
export class Outdirs {
  constructor(
    private readonly directory: string,
    private readonly stacks: readonly string[],
    private readonly cdktf: Cdktf,
    private readonly terraform: SandboxTerraform,
    /** Thrown in all of them. */
    readonly always: readonly SwitchName[],
  ) {}

  path(name: string): string {
    return join(this.directory, name);
  }

  private readonly made = new Map<string, Promise<void>>();

  /** The directory of a stack, synthesized with switches and initialized. */
  async stack(stack: string, ...switches: SwitchName[]): Promise<string> {
    const outdir = this.path(["stacks", ...switches].join("+"));
    const making = this.made.get(outdir) ?? this.make(outdir, switches);
    this.made.set(outdir, making);
    await making;
    return stackDirectory(outdir, stack);
  }

  private async make(outdir: string, switches: readonly SwitchName[]): Promise<void> {
    await this.cdktf.synthesize(outdir, [...this.always, ...switches]);
    for (const each of this.stacks) await this.terraform.init(stackDirectory(outdir, each));
  }
}

/** Applies every stack in order. */
export const applyAll = async ({ stacks, outdirs, terraform }: E2eWorld): Promise<void> => {
  for (const { name } of stacks) await terraform.apply(await outdirs.stack(name));
};

/** Lists the changes that plans of all stacks would make, a line each: `dev-platform: update kubectl_manifest.…`. */
export const planAll = async ({ stacks, outdirs, terraform }: E2eWorld): Promise<string[]> => {
  const lines: string[] = [];
  for (const { name } of stacks) {
    for (const { address, actions } of await terraform.plan(await outdirs.stack(name)))
      lines.push(`${name}: ${actions.join(", ")} ${address}`);
  }
  return lines;
};

/** Asserts that every plan is empty. */
export const assertNothingToDo = async (world: E2eWorld): Promise<void> => {
  const changes = await planAll(world);
  if (changes.length > 0) throw new Error(`the plan must be empty: got\n${changes.join("\n")}`);
};
