import { brokenObjects } from "../broken-objects.ts";
import type { Check } from "../check.ts";
import type { E2eWorld } from "../e2e-world.ts";
import type { KubernetesObject } from "../kubectl.ts";

/** The error with which synth refuses an object; undefined when it passes. */
const refusalAtSynth = (object: { validate?(): void }): string | undefined => {
  try {
    object.validate?.();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Every broken object is refused at synth; what the API server says to it stands beside. */
export const brokenObjectsRefused: Check<E2eWorld> = {
  name: "broken objects are refused at synth, before the API server",
  run: async ({ kubectl, log }) => {
    const problems: string[] = [];
    let first = 0;
    for (const { fault, path, object } of brokenObjects) {
      const atSynth = refusalAtSynth(object);
      const asJson = JSON.parse(JSON.stringify(object)) as KubernetesObject;
      const { code, stderr } = await kubectl.dryRun([asJson], "ignore");
      const isRefused = code !== 0;
      if (!isRefused) first++;
      if (atSynth?.includes(path) !== true) {
        problems.push(`${object.kind}: ${fault}: synth must refuse ${path}: got ${atSynth ?? "no refusal"}`);
      }
      // An error with another cause than the object's fault proves nothing.
      if (
        isRefused &&
        !/invalid|must|Required|Unsupported|expected|failed to create typed patch/i.test(stderr)
      ) {
        problems.push(`${object.kind}: ${fault}: the API server did not judge it: ${stderr.trim()}`);
      }
      log(
        `    ${object.kind}: ${fault}: ${atSynth ? "refused" : "passed"} at synth, ${isRefused ? "refused" : "stored"} by the API server`,
      );
    }
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return `${brokenObjects.length} objects; the API server alone would have stored ${first} of them`;
  },
};
