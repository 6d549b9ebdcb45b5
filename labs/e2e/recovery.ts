/**
 * Does what a person does after an apply that was killed: takes its lock away, and imports what it made but did not
 * write down.
 */

import { type CommandResult, lastLines } from "../../lib/core/process/command.ts";
import type { NamedStack, TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import type { E2eWorld } from "./e2e-world.ts";
import { stateLocation } from "./synthesized.ts";

interface Recovery {
  readonly unlocked: number;
  readonly imported: number;
}

/**
 * Finishes every stack. Terraform writes a remote state every 20 s at the most, so a run that loses power forgets what
 * it made since; custom resources are applied again without a word, others are refused because they are there.
 *
 * Refused: an apply that fails for any other reason.
 */
export const recover = async (world: E2eWorld): Promise<Recovery> => {
  let [unlocked, imported] = [0, 0];
  for (const stack of world.stacks) {
    const directory = await world.outdirs.stack(stack.name);
    if (world.bucket.isLocked(stateLocation(stack).key) && (await world.terraform.unlock(directory)))
      unlocked++;
    imported += await finish(world, stack, directory);
  }
  return { unlocked, imported };
};

/**
 * Applies and imports in turn: each round brings what the one before it kept from being tried, so there are as many as
 * resources wait for each other. It ends when nothing new is there to import.
 */
const finish = async ({ terraform }: E2eWorld, stack: NamedStack, directory: string): Promise<number> => {
  const imported = new Set<string>();
  for (;;) {
    const finished = await terraform.tryApply(directory);
    if (finished.code === 0) return imported.size;
    const there = alreadyThere(finished).filter((address) => !imported.has(address));
    if (there.length === 0) throw new Error(`the next apply failed:\n${lastLines(finished)}`);
    for (const address of there) {
      await terraform.import(directory, address, importId(stack, address));
      imported.add(address);
    }
  }
};

/** Addresses that an apply could not make because the cluster has them. */
export const alreadyThere = ({ stdout, stderr }: Pick<CommandResult, "stdout" | "stderr">): string[] => [
  ...new Set(
    `${stdout}\n${stderr}`
      .split(/^(?:[│ ]*)Error: /m)
      .slice(1)
      .filter((text) => text.split("\n\n")[0]?.includes("already exists"))
      .flatMap((text) => /with ([\w.-]+),/.exec(text)?.[1] ?? []),
  ),
];

/**
 * `namespace/name` of an object, as the kubernetes provider imports it. Refused: an object without a name; a name that
 * only an apply knows.
 */
export const importId = ({ name: stack, json }: NamedStack, address: string): string => {
  const metadata = metadataOf(json, address);
  if (metadata?.name === undefined) throw new Error(`${stack}: ${address}: has no name to import it by`);
  const parts = metadata.namespace === undefined ? [metadata.name] : [metadata.namespace, metadata.name];
  return parts
    .map((part) => {
      const [, read] = NAME_OF_ANOTHER.exec(part) ?? [];
      const known = read === undefined ? part : metadataOf(json, read)?.name;
      if (known === undefined || known.includes("${"))
        throw new Error(`${stack}: ${address}: cannot be imported by ${part}, which only an apply knows`);
      return known;
    })
    .join("/");
};

/** A reference to the name of another object, such as its namespace. */
const NAME_OF_ANOTHER = /^\$\{([\w-]+\.[\w-]+)\.metadata\[0\]\.name\}$/;

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

const metadataOf = (json: TerraformJson, address: string): Metadata | undefined => {
  const [type = "", id = ""] = address.split(".");
  return json.resource?.[type]?.[id]?.metadata as Metadata | undefined;
};
