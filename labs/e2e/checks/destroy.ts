import { lastLines } from "../../../lib/core/process/command.ts";
import { PLAN_DESTROY } from "../../../operations/deploy/terraform-commands.ts";
import type { Check } from "../check.ts";
import type { E2eWorld } from "../e2e-world.ts";
import { clusterInventory } from "../inventory.ts";
import type { KubernetesObject } from "../kubectl.ts";

/** Terraform says so of a resource with `prevent_destroy`. */
const PREVENTED = /Instance cannot be destroyed|prevent_destroy/;

/** The stacks as they are refuse to be destroyed. */
export const destroyRefused: Check<E2eWorld> = {
  name: "a destroy is refused while prevent_destroy stands",
  run: async (world) => {
    const { stacks, cdktf, outdirs, kubectl, terraform } = world;
    const before = await clusterInventory(kubectl);
    const names = stacks.map(({ name }) => name);
    const guarded = stacks.filter(({ json }) => JSON.stringify(json).includes('"prevent_destroy":true'));
    if (guarded.length === 0) throw new Error("no stack has prevent_destroy");
    // cdktf keeps Terraform's reason to itself, and does not ask again.
    for (const { name } of guarded) {
      const plan = await terraform.try(await outdirs.stack(name), PLAN_DESTROY);
      if (plan.code === 0) throw new Error(`${name}: nothing kept its destroy from being planned`);
      if (!PREVENTED.test(`${plan.stdout}${plan.stderr}`))
        throw new Error(`${name}: refused, but not by prevent_destroy:\n${lastLines(plan)}`);
    }
    const finished = await cdktf.change("destroy", names, outdirs.path("first"), outdirs.always);
    if (finished.code === 0) throw new Error("cdktf destroy succeeded");
    const after = await clusterInventory(kubectl);
    if (after.join() !== before.join()) throw new Error("objects went although the destroy was refused");
    return `${before.length} objects as before`;
  },
};

/** Destroys everything, with the protection switched off, which a person would do line by line. */
export const destroyLeavesNothing: Check<E2eWorld> = {
  name: "a destroy leaves nothing (prevent_destroy switched off for it)",
  run: async (world) => {
    const { stacks, cdktf, outdirs, kubectl, terraform, manifests } = world;
    const names = stacks.map(({ name }) => name);
    const switches = [...outdirs.always, "without-protection" as const];
    const directories = await Promise.all(names.map((name) => outdirs.stack(name)));
    const destroying = cdktf.change("destroy", names, outdirs.path("destroy"), switches);
    const freed = await freeUntil(
      world,
      manifests.map(({ object }) => object),
      destroying,
    );
    const finished = await destroying;
    if (finished.code !== 0) throw new Error(`cdktf destroy failed:\n${lastLines(finished)}`);
    const left = (await clusterInventory(kubectl)).filter((line) => !world.baseline.includes(line));
    if (left.length > 0) throw new Error(`left in the cluster:\n${left.join("\n")}`);
    for (const [index, directory] of directories.entries()) {
      const managed = (await terraform.stateList(directory)).filter((each) => !each.startsWith("data."));
      if (managed.length > 0) throw new Error(`left in the state of ${names[index]}:\n${managed.join("\n")}`);
    }
    return `cluster and states empty${freed > 0 ? `; ${freed} finalizers of controllers that do not run here were taken away` : ""}`;
  },
};

/** Takes the finalizers of objects that are being deleted, since the controllers that would do it have no pods here. */
const freeUntil = async (
  { kubectl }: E2eWorld,
  objects: readonly KubernetesObject[],
  end: Promise<unknown>,
): Promise<number> => {
  const held = objects.filter(({ metadata }) => Array.isArray(metadata.finalizers));
  const freed = new Set<string>();
  let isOver = false;
  const over = end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    for (const object of await kubectl.read(held)) {
      if (object.metadata.deletionTimestamp === undefined) continue;
      freed.add(object.metadata.name);
      await kubectl.patch(object, { metadata: { finalizers: null } });
    }
  }
  return freed.size;
};
