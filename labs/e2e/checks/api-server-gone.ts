import { lastLines } from "../../../lib/core/process/command.ts";
import type { Check } from "../check.ts";
import { assertNothingToDo, type E2eWorld } from "../e2e-world.ts";
import { clusterInventory } from "../inventory.ts";

/** A trace of Go or of Node.js, instead of a message. */
const TRACE = /goroutine \d+ \[|^panic:|\n\s+at .+:\d+:\d+\)/m;

/**
 * Applies while the API server is gone: the apply must fail with a message, and leave the cluster and the state as
 * they were.
 */
export const apiServerGone: Check<E2eWorld> = {
  name: "an API server that is gone is a clear error and no half state",
  run: async (world) => {
    const { stacks, outdirs, terraform, controlPlane, kubectl } = world;
    const directories = await Promise.all(
      stacks.map(async ({ name }) => ({ name, directory: await outdirs.stack(name, "impatient") })),
    );
    const before = await clusterInventory(kubectl);
    const states = await Promise.all(directories.map(({ directory }) => terraform.state(directory)));
    await controlPlane.stopApiServer();
    const problems: string[] = [];
    for (const { name, directory } of directories) {
      const finished = await terraform.tryApply(directory);
      const text = `${finished.stdout}\n${finished.stderr}`;
      if (finished.code === 0) problems.push(`${name}: an apply succeeded without an API server`);
      else if (!text.includes(`${world.environment.cluster.vip}`))
        problems.push(`${name}: the error must name the API server's address: got\n${lastLines(finished)}`);
      if (TRACE.test(text)) problems.push(`${name}: a trace instead of a message:\n${lastLines(finished)}`);
    }
    await controlPlane.stop();
    await controlPlane.start();
    for (const [index, { name, directory }] of directories.entries()) {
      const changed = changedResources(states[index] ?? "{}", await terraform.state(directory));
      problems.push(...changed.map((address) => `${name}: ${address}: is another in the state`));
    }
    const after = await clusterInventory(kubectl);
    if (after.join() !== before.join()) problems.push("the cluster's objects changed");
    if (problems.length > 0) throw new Error(problems.join("\n"));
    await assertNothingToDo(world);
    return `refused for ${directories.map(({ name }) => name).join(", ")}; states and ${after.length} objects as before`;
  },
};

interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: unknown;
  }[];
}

/** Addresses of managed resources that two states do not have alike. */
export const changedResources = (before: string, after: string): string[] => {
  const [one, other] = [before, after].map(
    (text) =>
      new Map(
        ((JSON.parse(text) as State).resources ?? [])
          .filter(({ mode }) => mode === "managed")
          .map(({ type, name, instances }) => [`${type}.${name}`, JSON.stringify(instances)]),
      ),
  );
  return [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])].filter(
    (address) => one?.get(address) !== other?.get(address),
  );
};
