import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apps } from "../../apps/index.ts";
import { environments as inputs } from "../../environments/index.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { homelab, reviewable, STACKS, stackOf } from "./homelab.ts";

const SNAPSHOTS = join(import.meta.dirname, "../__snapshots__");
const STACK = "stack";
const isOfApps = (name: string) => name.endsWith("-apps");

/** The app that a block belongs to, by its logical id; none for what all apps share. */
const ownerOf = (id: string): string =>
  apps.find(({ name }) => id.startsWith(`apps_${name}_`))?.name ?? STACK;

/** A stack of apps in parts that a person can review: what all of them share, and each app. */
const partsOf = (stack: TerraformJson): ReadonlyMap<string, TerraformJson> => {
  const parts = new Map<string, Record<string, Record<string, object>>>([[STACK, {}]]);
  for (const [type, blocks] of Object.entries(stack.resource ?? {}))
    for (const [id, block] of Object.entries(blocks)) {
      const part = parts.get(ownerOf(id)) ?? {};
      part[type] = { ...part[type], [id]: block };
      parts.set(ownerOf(id), part);
    }
  return new Map(
    [...parts].map(([name, resource]) => [name, { ...(name === STACK && stack), resource } as TerraformJson]),
  );
};

test.each(STACKS.filter((name) => !isOfApps(name)))("%s", async (name) => {
  const file = join(SNAPSHOTS, `${name}.yaml`);
  await expect(reviewable(stackOf(homelab(), name))).toMatchFileSnapshot(file);
});

test.each(STACKS.filter(isOfApps))("%s, app by app", async (name) => {
  for (const [part, json] of partsOf(stackOf(homelab(), name)))
    await expect(reviewable(json), part).toMatchFileSnapshot(join(SNAPSHOTS, name, `${part}.yaml`));
});

test.each(STACKS.filter(isOfApps))("%s has no snapshot of an app that is gone", (name) => {
  const parts = [...partsOf(stackOf(homelab(), name)).keys()].map((part) => `${part}.yaml`);
  // New ones are written once all tests of this file are through.
  const directory = join(SNAPSHOTS, name);
  const files = existsSync(directory) ? readdirSync(directory) : [];
  expect(files.filter((file) => !parts.includes(file))).toEqual([]);
});

test("the parts of a stack hold each of its resources once", () => {
  for (const { name } of inputs) {
    const stack = stackOf(homelab(), `${name}-apps`);
    const count = ({ resource }: TerraformJson) =>
      Object.values(resource ?? {}).reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);
    const parts = [...partsOf(stack).values()].map(count);
    expect(parts.reduce((sum, each) => sum + each, 0)).toBe(count(stack));
  }
});
