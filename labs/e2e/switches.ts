/**
 * The changes that the end-to-end run makes to synthesized stacks, each by name and on purpose. Some changes let a
 * machine without kubelets do what it can; others break something, so that one sees the check that guards it fail.
 */
import { strings, type TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";

type Block = Record<string, unknown>;
type Resources = Record<string, Record<string, Block>>;

export interface Switch {
  readonly why: string;
  change(stack: TerraformJson): TerraformJson;
}

const CHART = /^helm_release\./;

const eachResource = (stack: TerraformJson, change: (block: Block) => Block): TerraformJson => ({
  ...stack,
  resource: Object.fromEntries(
    Object.entries((stack.resource ?? {}) as Resources).map(([type, byId]) => [
      type,
      Object.fromEntries(Object.entries(byId).map(([id, block]) => [id, change(block)])),
    ]),
  ) as never,
});

const without = (block: Block, ...names: string[]): Block =>
  Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));

/** Removes the Helm releases from a stack; refuses one in which something reads an attribute of a release. */
const withoutCharts = (stack: TerraformJson): TerraformJson => {
  const { helm_release: _, ...resource } = (stack.resource ?? {}) as Resources;
  const rest = eachResource({ ...stack, resource: resource as never }, (block) => {
    const dependencies = (block.depends_on as string[] | undefined)?.filter((each) => !CHART.test(each));
    return { ...block, ...(dependencies && { depends_on: dependencies }) };
  });
  const readers = strings(rest).filter(({ text }) => text.includes("helm_release."));
  if (readers.length > 0) {
    throw new Error(
      readers.map(({ path }) => `${path}: reads a release, which this run leaves out`).join("\n"),
    );
  }
  return rest;
};

const withoutProtection = (stack: TerraformJson): TerraformJson =>
  eachResource(stack, (block) => {
    const lifecycle = without((block.lifecycle ?? {}) as Block, "prevent_destroy");
    return Object.keys(lifecycle).length > 0 ? { ...block, lifecycle } : without(block, "lifecycle");
  });

/** Data sources ask once, and an apply of a custom resource is tried again so many times. */
const hurried = (stack: TerraformJson, retries: number): TerraformJson => {
  const { data = {}, provider = {} } = stack as { data?: Resources; provider?: Record<string, Block[]> };
  return {
    ...stack,
    data: Object.fromEntries(
      Object.entries(data).map(([type, byId]) => [
        type,
        Object.fromEntries(
          Object.entries(byId).map(([id, block]) => [
            id,
            "retry" in block ? { ...block, retry: { ...(block.retry as Block), attempts: 1 } } : block,
          ]),
        ),
      ]),
    ),
    provider: Object.fromEntries(
      Object.entries(provider).map(([name, configurations]) => [
        name,
        configurations.map((each) =>
          "apply_retry_count" in each ? { ...each, apply_retry_count: retries } : each,
        ),
      ]),
    ),
  } as never;
};

const withoutLock = (stack: TerraformJson): TerraformJson => {
  const { backend, ...terraform } = stack.terraform as { backend: { s3: Block } };
  return {
    ...stack,
    terraform: { ...terraform, backend: { s3: without(backend.s3, "use_lockfile") } },
  } as never;
};

/** Switches by their names on the command line. */
export const switches = {
  "without-charts": { why: "pods of charts need kubelets", change: withoutCharts },
  "without-protection": {
    why: "prevent_destroy keeps a destroy from being planned",
    change: withoutProtection,
  },
  impatient: {
    why: "an API server that is gone is waited for once, not ten minutes",
    change: (stack) => hurried(stack, 1),
  },
  hurried: {
    why: "a custom resource that is refused is tried for less than two minutes, not seven",
    change: (stack) => hurried(stack, 6),
  },
  "without-lock": { why: "breaks: two deploys at once", change: withoutLock },
  "without-force": {
    why: "breaks: an edit by hand is healed",
    change: (stack) => eachResource(stack, (block) => without(block, "force_conflicts")),
  },
} satisfies Record<string, Switch>;

export type SwitchName = keyof typeof switches;

export const isSwitch = (name: string): name is SwitchName => Object.hasOwn(switches, name);

export const throwSwitches = (stack: TerraformJson, names: readonly SwitchName[]): TerraformJson =>
  names.reduce((changed, name) => switches[name].change(changed), stack);

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>>;
}

/** Layers whose stacks need machines: their states are provided, so that nothing waits for them. */
const UPSTREAM = /-(backup|cluster)$/;

/** cdktf's list of stacks, in which none depends on a layer that needs machines. */
export const withoutUpstream = (manifest: Manifest): Manifest => ({
  ...manifest,
  stacks: Object.fromEntries(
    Object.entries(manifest.stacks).map(([name, stack]) => [
      name,
      { ...stack, dependencies: stack.dependencies.filter((each) => !UPSTREAM.test(each)) },
    ]),
  ),
});
