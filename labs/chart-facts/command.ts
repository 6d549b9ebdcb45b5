/** `homelab chart-facts`: renders the charts of environments by Helm, and records or compares what they become. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { apps } from "../../apps/index.ts";
import { type ChartFacts, chartFacts } from "../../environments/recorded/chart-facts.ts";
import { type ChartRequest, unknownCharts } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";
import { Apps } from "../../lib/app/apps.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { SynthesisError } from "../../lib/core/synthesis/synthesize.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { environmentNamed } from "../../operations/cli/environments.ts";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { addEnvironment } from "../../stacks/homelab-environment.ts";
import { cacheDirectory, installTool } from "../programs/install-tool.ts";
import { helm } from "../programs/pinned-tools.ts";
import { factsPath, factsText } from "./files.ts";
import { type Renderer, recorded, renderAll } from "./render.ts";
import { requestsOf } from "./requests.ts";

export interface ChartFactsOptions {
  readonly environments: readonly string[];
  /** Only these are recorded anew; none for those whose facts are no longer about them. */
  readonly releases: readonly string[];
  /** Compare, and write nothing. */
  readonly check: boolean;
  /** Look for values without effect in every chart anew. */
  readonly all: boolean;
  readonly charts: string | undefined;
}

const CANNOT_RUN_HERE = 77;

export const chartFactsCommand = async (options: ChartFactsOptions, terminal: Terminal): Promise<number> => {
  const installed = await installTool(runCommand, cacheDirectory(), helm, terminal.err);
  const charts = options.charts ?? process.env.E2E_CHARTS ?? join(cacheDirectory(), "charts");
  const codes: number[] = [];
  for (const name of options.environments) {
    const environment = environmentNamed(name);
    const requests = requestsOf(name, unjudgedStacks(environment));
    refuseUnknown(options.releases, requests);
    const renderer = { helm: installed, charts, kubernetes: environment.versions.kubernetes };
    codes.push(await ofEnvironment(name, requests, renderer, options, terminal));
  }
  return Math.max(...codes);
};

/** The stacks without their proofs, which read the facts that are about to be recorded. */
const unjudgedStacks = (environment: Environment): NamedStack[] => {
  const root = new App({ skipValidation: true });
  const charts = unknownCharts("about to be rendered");
  addEnvironment(root, environment, { maintenanceNodes: [], stagedNodes: [] }, [], apps, charts);
  const constructs = root.node.findAll();
  // Of a catalogue that is refused nothing is made, and nothing would be recorded.
  const refused = constructs.flatMap((each) => (each instanceof Apps ? each.catalogue.problems : []));
  if (refused.length > 0) throw new SynthesisError(refused);
  return constructs.filter(TerraformStack.isStack).map((stack) => {
    stack.prepareStack();
    return { name: stack.node.id, json: stack.toTerraform() };
  });
};

const refuseUnknown = (releases: readonly string[], requests: readonly ChartRequest[]): void => {
  const known = requests.map(({ release }) => release);
  for (const release of releases)
    if (!known.includes(release))
      throw new UsageError(`release: must be one of ${known.join(", ")}: got ${JSON.stringify(release)}`);
};

const ofEnvironment = async (
  name: string,
  requests: readonly ChartRequest[],
  renderer: Renderer,
  { check, all, releases }: ChartFactsOptions,
  { out, err }: Terminal,
): Promise<number> => {
  if (check && "missing" in renderer.helm) {
    err(`charts are not rendered here: ${renderer.helm.missing}`);
    return CANNOT_RUN_HERE;
  }
  const { outcomes, apiVersions } = await renderAll(requests, renderer);
  const facts: ChartFacts[] = [];
  for (const outcome of outcomes) {
    const { release } = outcome.request;
    const before = chartFacts(name, release);
    const isLeft = releases.length > 0 && !releases.includes(release);
    if (before && (isLeft || (check && "missing" in outcome))) {
      if (check && "missing" in outcome && before.known)
        out(`left out: ${name} ${release}: ${outcome.missing}`);
      facts.push(before);
      continue;
    }
    facts.push(await recorded(outcome, renderer, apiVersions, all && !check ? undefined : before));
  }
  for (const each of facts) if (!each.known) err(`${name} ${each.release}: unknown: ${each.reason}`);
  const charts = Object.fromEntries(facts.map((each) => [each.release, each]));
  const text = factsText({ kubernetes: renderer.kubernetes, charts });
  const path = factsPath(name);
  if (readFileSync(path, "utf8") === text) return 0;
  if (check) {
    const stale = facts.filter(
      (each) => JSON.stringify(each) !== JSON.stringify(chartFacts(name, each.release)),
    );
    out(
      `${path} is stale: ${stale.map(({ release }) => release).join(", ")}: run homelab chart-facts ${name}`,
    );
    return 1;
  }
  writeFileSync(path, text);
  out(`wrote ${path}`);
  return 0;
};
