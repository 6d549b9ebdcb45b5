import type { Check } from "../check.ts";
import { applyAll, assertNothingToDo, type E2eWorld, planAll } from "../e2e-world.ts";
import { displayName, type KubernetesObject, objectKey } from "../kubectl.ts";
import type { Manifest } from "../synthesized.ts";
import { storedDifferences } from "./stored.ts";

const POLICY = /NetworkPolicy$/;

const policies = ({ manifests }: E2eWorld): Manifest[] => {
  const found = manifests.filter(({ object }) => POLICY.test(object.kind));
  if (found.length === 0) throw new Error("the stacks hold no policy");
  return found;
};

/** Asserts that a plan shows the change of a policy, and that the next apply undoes it. */
const assertSeenAndHealed = async (
  world: E2eWorld,
  changed: readonly Manifest[],
  action: "create" | "update",
): Promise<void> => {
  const planned = await planAll(world);
  const lines = changed.map(({ stack, address }) => `${stack}: ${action} ${address}`);
  const unseen = lines.filter((line) => !planned.includes(line));
  if (unseen.length > 0) throw new Error(`not in the plan:\n${unseen.join("\n")}`);
  const strangers = planned.filter((line) => !lines.includes(line));
  if (strangers.length > 0) throw new Error(`in the plan, but unchanged:\n${strangers.join("\n")}`);
  await applyAll(world);
  const objects = changed.map(({ object }) => object);
  const stored = new Map((await world.kubectl.read(objects)).map((object) => [objectKey(object), object]));
  const wrong = objects.flatMap((object) => storedDifferences(object, stored.get(objectKey(object))));
  if (wrong.length > 0) throw new Error(`not healed:\n${wrong.join("\n")}`);
  await assertNothingToDo(world);
};

/** Every policy goes at once, as when a namespace is emptied by hand. */
export const deletedPolicies: Check<E2eWorld> = {
  name: "policies deleted by hand show in the next plan and are healed",
  run: async (world) => {
    const gone = policies(world);
    await world.kubectl.delete(gone.map(({ object }) => object));
    await assertSeenAndHealed(world, gone, "create");
    return `${gone.length} policies`;
  },
};

/** Every policy is opened to the world in what it says already. */
export const editedPolicies: Check<E2eWorld> = {
  name: "policies edited by hand show in the next plan and are healed",
  run: async (world) => {
    const edited = policies(world);
    for (const stored of await world.kubectl.read(edited.map(({ object }) => object))) {
      await world.kubectl.replace(opened(stored));
    }
    await assertSeenAndHealed(world, edited, "update");
    return `${edited.length} policies, each opened to the world`;
  },
};

/** A rule of a policy, as far as it is widened here. */
interface Rule {
  ingress?: unknown[];
  egress?: unknown[];
}

/** The policy with one more peer, the world, in a direction that it speaks of. */
export const opened = (policy: KubernetesObject): KubernetesObject => {
  const copy = structuredClone(policy) as KubernetesObject & { spec?: Rule; specs?: Rule[] };
  const rule = [copy.spec, ...(copy.specs ?? [])].find((each) => each?.ingress ?? each?.egress);
  if (rule === undefined) throw new Error(`${displayName(policy)}: has no rule that could be opened`);
  const isCilium = policy.apiVersion.startsWith("cilium.io/");
  const everywhere = { ipBlock: { cidr: "0.0.0.0/0" } };
  if (rule.ingress) rule.ingress.push(isCilium ? { fromEntities: ["world"] } : { from: [everywhere] });
  else rule.egress?.push(isCilium ? { toEntities: ["world"] } : { to: [everywhere] });
  return copy;
};
