import type { Checks } from "../checks.ts";

/** A check of the end-to-end run. */
export interface Check<World> {
  readonly name: string;
  /** True for a check without which those after it say nothing: when it fails, they are not run. */
  readonly isGround?: boolean;
  /** Returns what was seen; throws what is wrong. */
  run(world: World): Promise<string>;
}

/** Runs checks one after the other; each sees what those before it left. */
export const runChecks = async <World>(
  list: readonly Check<World>[],
  world: World,
  checks: Checks,
): Promise<void> => {
  let ground: string | undefined;
  for (const check of list) {
    if (ground !== undefined) {
      checks.skip(check.name, ground);
      continue;
    }
    const status = await checks.run(check.name, () => check.run(world));
    if (status === "failed" && check.isGround === true) ground = check.name;
  }
};
