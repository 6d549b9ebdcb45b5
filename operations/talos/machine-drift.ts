/** The configuration of each machine of an environment, compared with what this project writes. */
import type { Environment } from "../../environments/schema.ts";
import { fieldsOf, listOf } from "../../lib/core/fields.ts";
import { Doubt } from "../../lib/core/process/command.ts";
import { configurationDrift } from "./configuration-drift.ts";
import { inventoryOf } from "./inventory.ts";
import type { Talosctl } from "./talosctl.ts";

/** Patches of each machine's configuration, by node. */
export type MachinePatches = ReadonlyMap<string, readonly string[]>;

export interface MachineDrift {
  readonly machine: string;
  /** A line each, without secrets; empty when it runs what is written, undefined when it did not say. */
  readonly differences: readonly string[] | undefined;
}

/** Asks every machine: the provider's read of a configuration is empty, so that no plan shows a `talosctl patch`. */
export const machineDrift = (
  environment: Environment,
  talosctl: Talosctl,
  patches: MachinePatches,
): Promise<MachineDrift[]> =>
  Promise.all(
    inventoryOf(environment).nodes.map(async (node) => {
      try {
        const running = await talosctl.machineConfiguration(node);
        return {
          machine: node.name,
          differences: configurationDrift(running, patches.get(node.name) ?? []),
        };
      } catch (error) {
        if (error instanceof Doubt) return { machine: node.name, differences: undefined };
        throw error;
      }
    }),
  );

/** The patches that this revision writes, read from the stack of the cluster, which is synthesized for it. */
export const writtenPatches = async (environment: Environment): Promise<MachinePatches> => {
  const { synthesizedStacks } = await import("../cli/synthesized-stacks.ts");
  const stack = synthesizedStacks(environment).find(({ name }) => name === `${environment.name}-cluster`);
  const machines = fieldsOf(fieldsOf(stack?.json.data).talos_machine_configuration);
  return new Map(
    Object.entries(machines).map(([id, block]) => [
      id.replace(/^node_/, ""),
      listOf(fieldsOf(block).config_patches).map(String),
    ]),
  );
};
