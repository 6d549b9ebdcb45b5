/** Real environments, synthesized into a directory of their own: the tests of stacks share them. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Document, isCollection, parse, visit } from "yaml";
import { apps } from "../../apps/index.ts";
import { environments as inputs } from "../../environments/index.ts";
import {
  type ChartSource,
  recordedCharts,
  unknownCharts,
} from "../../environments/recorded/chart-request.ts";
import { type Environment, type EnvironmentInput, parseEnvironments } from "../../environments/schema.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { finderAmong } from "../../lib/app/references.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { synthesizeEnvironments } from "../../stacks/homelab.ts";

/** The day on which the tests read review dates. */
export const TODAY = "2026-11-23";

/** dev and prod, parsed; each changed first by `change`, on a copy. */
export const environments = (change: (input: EnvironmentInput) => void = () => {}): Environment[] =>
  parseEnvironments(
    inputs.map((input) => {
      const copy = structuredClone(input);
      change(copy);
      return copy;
    }),
    { today: TODAY },
  );

/** One of them as it is. */
export const parsed = (name: string): Environment => {
  const found = environments().find((each) => each.name === name);
  if (!found) throw new Error(`${name} is no environment`);
  return found;
};

/** A change for tests that bring apps or nodes of their own: nothing is accepted that is not there. */
export const withoutPrivilegedApps = (input: EnvironmentInput): void => {
  input.acceptedRisks = input.acceptedRisks.filter(
    ({ id }) => !/^(privileged|floating-image|capacity|admission|foreign-domain)-/.test(id),
  );
  delete input.measuredRequests;
};

/** The same for tests that bring `undemandingApps`: the operator of secrets and the gateway are among them. */
export const withUndemandingApps = (input: EnvironmentInput): void => {
  const kept = input.acceptedRisks.filter(({ id }) =>
    ["admission-infisical-operator", "foreign-domain-traefik"].includes(id),
  );
  withoutPrivilegedApps(input);
  input.acceptedRisks.push(...kept);
};

/** Charts for tests that change an environment: where the facts are not about it, nothing is known. */
export const chartsWhereTheyAreCurrent: ChartSource = (request) => {
  const answer = recordedCharts(request);
  return "problem" in answer ? unknownCharts("a test changed its values")(request) : answer;
};

const find = finderAmong(apps);

const dependenciesOf = ({ props }: AppDeclaration): AppDeclaration[] =>
  [
    ...(props.dependsOn ?? []),
    ...[props.network, ...Object.values(props.override ?? {}).map((each) => each?.network)].flatMap(
      (links = []) => links.flatMap((link) => (link.kind === "uses" ? [link.app] : [])),
    ),
  ].map(find);

const isUndemanding = (each: AppDeclaration): boolean =>
  !each.props.namespace && !each.props.privileges && dependenciesOf(each).every(isUndemanding);

/**
 * Apps that need nothing of an environment but room: neither a namespace that it defines, nor a risk. The operator that
 * fetches their secrets is among them.
 */
export const undemandingApps = apps.filter(
  (each) => isUndemanding(each) || each.name === "infisical-operator",
);

export interface Synthesis {
  readonly stacks: ReadonlyMap<string, TerraformJson>;
  /** The files as they were written, by stack. */
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: string;
  /** Checks that passed, by stack. */
  readonly checks: ReadonlyMap<string, number>;
}

/** Synthesizes into a directory that is gone afterwards. */
export const synthesis = (
  parsed = environments(),
  context: Record<string, unknown> = {},
  declarations = apps,
): Synthesis => {
  const outdir = mkdtempSync(join(tmpdir(), "stacks-"));
  const before = process.env.CDKTF_CONTEXT_JSON;
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  try {
    const synthesized = synthesizeEnvironments(parsed, declarations, outdir, chartsWhereTheyAreCurrent);
    const read = (file: string) => readFileSync(join(outdir, file), "utf8");
    return {
      stacks: new Map(synthesized.map(({ name, json }) => [name, json])),
      files: new Map(synthesized.map(({ name }) => [name, read(`stacks/${name}/cdk.tf.json`)])),
      manifest: read("manifest.json"),
      checks: new Map(synthesized.map(({ name, checks }) => [name, checks])),
    };
  } finally {
    if (before === undefined) delete process.env.CDKTF_CONTEXT_JSON;
    else process.env.CDKTF_CONTEXT_JSON = before;
    rmSync(outdir, { recursive: true });
  }
};

let committed: Synthesis | undefined;

/** dev and prod as they are committed: synthesized once by each worker, for all files that it runs, and frozen. */
export const homelab = (): Synthesis => {
  committed ??= synthesis();
  for (const stack of committed.stacks.values()) freeze(stack);
  return committed;
};

const freeze = (value: unknown): void => {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
};

/** The names of all stacks, without a synthesis. */
export const STACKS: readonly string[] = inputs.flatMap(({ name }) =>
  ["cluster", "backup", "platform", "apps"].map((layer) => `${name}-${layer}`),
);

/** A stack of a synthesis; throws when there is none of that name. */
export const stackOf = ({ stacks }: Synthesis, name: string): TerraformJson => {
  const stack = stacks.get(name);
  if (!stack) throw new Error(`no stack ${name}: ${[...stacks.keys()].join(", ")}`);
  return stack;
};

/** A stack as a person reviews it: as YAML, without cdktf's metadata, YAML and JSON texts opened up. */
export const reviewable = (stack: TerraformJson): string => {
  const document = new Document(opened(stack), { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_, node) => {
      if (isCollection(node) && JSON.stringify(node).length < 90) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
};

const opened = (value: unknown, key = ""): unknown => {
  if (typeof value === "string") return holdsData(key, value) ? parse(value) : value;
  if (Array.isArray(value)) return value.map((item) => opened(item, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//")
      .map(([name, item]) => [name, opened(item, name)]),
  );
};

const holdsData = (key: string, text: string) =>
  ["yaml_body", "values", "config_patches", "policy", "schematic"].includes(key) && /[:{]/.test(text);
