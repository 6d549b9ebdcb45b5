/** Does the work that needs the network before the sandbox starts, and hands the result into it as a file. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import type { Cdktf } from "./cdktf.ts";
import { type FoundChart, findChart } from "./charts.ts";
import type { CustomResourceDefinition } from "./definition.ts";
import { definitionsFor } from "./definitions.ts";
import { faults } from "./faults.ts";
import { manifests, readStacks, releases } from "./synthesized.ts";
import { type E2eTools, installTools } from "./tools.ts";
import { outputsToProvide, type UpstreamOutput } from "./upstream.ts";

/** Handed into the sandbox. */
export interface Prepared {
  readonly tools: E2eTools;
  readonly definitions: readonly CustomResourceDefinition[];
  readonly charts: readonly FoundChart[];
  /** The stacks to deploy, charts and all. */
  readonly stacks: readonly NamedStack[];
  readonly outputs: readonly UpstreamOutput[];
}

/** Directory of the stacks as `npm run synth` writes them. */
export const AS_IT_IS = "as-it-is";
/** Layers that are deployed; those above need machines. */
const DEPLOYED = ["platform", "apps"];
const UPSTREAM = ["backup", "cluster"];

/** The stacks that synthesis wrote. */
export interface Synthesized {
  /** The stacks to deploy. */
  readonly deployed: readonly NamedStack[];
  /** The stacks whose states they read. */
  readonly upstream: readonly NamedStack[];
}

/** Synthesizes an environment. */
export const synthesizeForSandbox = async (
  environment: Environment,
  cdktf: Cdktf,
  directory: string,
): Promise<Synthesized> => {
  const outdir = join(directory, AS_IT_IS);
  await cdktf.synthesizeAsItIs(outdir);
  const read = (layers: readonly string[]) =>
    readStacks(
      outdir,
      layers.map((layer) => `${environment.name}-${layer}`),
    );
  return { deployed: read(DEPLOYED), upstream: read(UPSTREAM) };
};

/** Looks at what the stacks need, and installs it. */
export const prepare = async (
  environment: Environment,
  { deployed: stacks, upstream }: Synthesized,
  broken: readonly string[],
  log: (line: string) => void,
): Promise<Prepared> => {
  const chosen = broken.flatMap((name) => faults[name] ?? []);
  const above = chosen.reduce((changed, { upstream: change }) => change?.(changed) ?? changed, upstream);
  const outputs = outputsToProvide(stacks, [...above, ...stacks]);
  const objects = stacks.flatMap(manifests).map(({ object }) => object);
  const published = await definitionsFor(objects, environment);
  const definitions = chosen.reduce((all, { definitions: change }) => change?.(all) ?? all, published);
  const tools = await installTools(environment, log);
  const charts = await Promise.all(stacks.flatMap(releases).map((release) => findChart(release, tools.helm)));
  return { tools, definitions, charts, stacks, outputs };
};

export const writePrepared = (path: string, prepared: Prepared): void =>
  writeFileSync(path, JSON.stringify(prepared));

export const readPrepared = (path: string): Prepared => JSON.parse(readFileSync(path, "utf8"));
