import { lastLines } from "../../../lib/core/process/command.ts";
import type { NamedStack } from "../../../lib/core/synthesis/terraform-json.ts";
import { LeftOut } from "../../checks.ts";
import { renderChart } from "../charts.ts";
import type { Check } from "../check.ts";
import type { E2eWorld } from "../e2e-world.ts";
import { type KubernetesObject, objectKey, type SandboxKubectl } from "../kubectl.ts";
import { type ChartRelease, releases } from "../synthesized.ts";

/** A check for each release: Helm renders it with our values, and the API server takes every object of it. */
export const chartChecks = (stacks: readonly NamedStack[]): Check<E2eWorld>[] =>
  stacks.flatMap(releases).map(chartCheck);

const chartCheck = (release: ChartRelease): Check<E2eWorld> => ({
  name: `chart ${release.chart} ${release.version} renders, and every object passes a server-side dry run`,
  run: async ({ charts, helm, kubectl }) => {
    const { path, missing } = charts.find((each) => each.release.address === release.address) ?? {
      missing: "its chart was not looked for",
    };
    if (path === undefined) throw new LeftOut(missing);
    const objects = await renderChart(helm, path, release, {
      kubernetesVersion: await kubectl.version(),
    });
    if (objects.length === 0) throw new Error("Helm rendered nothing");
    const finished = await inItsNamespaces(kubectl, objects, () => kubectl.dryRun(objects));
    if (finished.code !== 0) throw new Error(`refused:\n${lastLines(finished)}`);
    return `${objects.length} objects`;
  },
});

/**
 * Makes the namespaces that a chart brings for as long as `act` runs: without them a dry run of the objects in them
 * proves nothing.
 */
const inItsNamespaces = async <Result>(
  kubectl: SandboxKubectl,
  objects: readonly KubernetesObject[],
  act: () => Promise<Result>,
): Promise<Result> => {
  const own = objects.filter(({ kind }) => kind === "Namespace");
  const there = (await kubectl.read(own)).map(objectKey);
  const brought = own.filter((object) => !there.includes(objectKey(object)));
  if (brought.length === 0) return act();
  await kubectl.apply(brought);
  try {
    return await act();
  } finally {
    await kubectl.delete(brought);
  }
};
