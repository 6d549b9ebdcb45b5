import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { lastLines } from "../../../lib/core/process/command.ts";
import type { Check } from "../check.ts";
import { assertNothingToDo, type E2eWorld } from "../e2e-world.ts";
import { objectKey } from "../kubectl.ts";
import { recover } from "../recovery.ts";
import { addresses, stateLocation } from "../synthesized.ts";
import { storedDifferences } from "./stored.ts";

/** The point at which an apply is ended, and the manner. */
interface Point {
  /** After so many resources. */
  readonly resources: number;
  /** And so many milliseconds more. */
  readonly milliseconds: number;
  /** `SIGINT` is a person at the keyboard, `SIGKILL` a machine that loses power. */
  readonly signal: "SIGINT" | "SIGKILL";
}

/** Milliseconds after which a person who interrupted an apply, and sees it still wait for a provider, kills it. */
const PATIENCE = 60_000;

const COMPLETE = /: Creation complete after /;

/** The points of a seed. */
export const pointsOf = (seed: number, count: number, resources: number): Point[] =>
  fc.sample(
    fc.record({
      resources: fc.integer({ min: 1, max: Math.max(1, resources - 1) }),
      milliseconds: fc.integer({ min: 0, max: 500 }),
      signal: fc.constantFrom("SIGINT" as const, "SIGKILL" as const),
    }),
    { seed, numRuns: count },
  );

/** An apply that is killed anywhere is finished by the next one. */
export const killedApplies: Check<E2eWorld> = {
  name: "an apply killed in the middle is finished by the next",
  run: async (world) => {
    const { stacks, controlPlane, bucket, options, log } = world;
    const total = stacks.flatMap(addresses).length;
    await controlPlane.keep();
    const problems: string[] = [];
    let [killed, lost] = [0, 0];
    for (const point of pointsOf(options.seed, options.kills, total)) {
      await controlPlane.restore();
      for (const stack of stacks) bucket.forget(stateLocation(stack).key);
      const text = `${point.signal} after ${point.resources} of ${total} resources and ${point.milliseconds} ms`;
      try {
        const end = await applyUntil(world, point);
        if (end.isKilled) killed++;
        const recovery = await recover(world);
        await assertFinished(world);
        lost += recovery.imported;
        log(
          `    ${text}: ${end.isKilled ? "killed" : "came too late"}, ${recovery.unlocked} unlocked, ${recovery.imported} imported`,
        );
      } catch (error) {
        problems.push(`${text}: ${(error as Error).message}`);
      }
    }
    if (problems.length > 0) throw new Error(`seed ${options.seed}:\n${problems.join("\n")}`);
    if (killed < options.kills / 2)
      throw new Error(`only ${killed} of ${options.kills} applies were killed in time`);
    return `${killed} of ${options.kills} points, seed ${options.seed}; ${lost} objects that a killed run had not written down were imported`;
  },
};

/** Applies stack after stack until the point is reached. */
const applyUntil = async (
  { stacks, outdirs, terraform }: E2eWorld,
  { resources, milliseconds, signal }: Point,
): Promise<{ isKilled: boolean }> => {
  let complete = 0;
  let isKilled = false;
  for (const { name } of stacks) {
    const directory = await outdirs.stack(name);
    let kill: (signal: NodeJS.Signals) => void = () => undefined;
    const finished = await terraform.tryApply(directory, {
      onStart: (how) => {
        kill = how;
      },
      onLine: (line) => {
        if (COMPLETE.test(line)) complete++;
        if (complete < resources || isKilled) return;
        isKilled = true;
        void sleep(milliseconds)
          .then(() => kill(signal))
          .then(() => sleep(PATIENCE))
          .then(() => kill("SIGKILL"));
      },
    });
    if (isKilled) return { isKilled: finished.code !== 0 };
    if (finished.code !== 0) throw new Error(`the apply failed before its end:\n${lastLines(finished)}`);
  }
  return { isKilled };
};

/** Asserts that nothing is left to do, and that every object is as it is written. */
const assertFinished = async (world: E2eWorld): Promise<void> => {
  await assertNothingToDo(world);
  const objects = world.manifests.map(({ object }) => object);
  const stored = new Map((await world.kubectl.read(objects)).map((object) => [objectKey(object), object]));
  const wrong = objects.flatMap((object) => storedDifferences(object, stored.get(objectKey(object))));
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
};
