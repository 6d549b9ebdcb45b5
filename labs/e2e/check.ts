/** A check of the end-to-end run, and how a list of them is run and reported. */
import { tableLines } from "../../lib/core/text-table.ts";

export interface Check<World> {
  readonly name: string;
  /** True for a check without which those after it say nothing: when it fails, they are not run. */
  readonly isGround?: boolean;
  /** Returns what was seen; throws what is wrong. */
  run(world: World): Promise<string>;
}

/** Thrown by a check, or a part of one, that this machine cannot do. */
export class LeftOut extends Error {}

export type Status = "passed" | "failed" | "left out" | "not run";

export interface Outcome {
  readonly name: string;
  readonly status: Status;
  /** The observation, or the reason why there is none. */
  readonly detail: string;
  readonly seconds: number;
}

/** Runs checks one after the other; each sees what those before it left. */
export const runChecks = async <World>(
  checks: readonly Check<World>[],
  world: World,
  log: (line: string) => void,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  let ground: string | undefined;
  for (const check of checks) {
    const outcome =
      ground === undefined
        ? await runCheck(check, world)
        : { name: check.name, status: "not run" as const, detail: `after: ${ground}`, seconds: 0 };
    if (outcome.status === "failed" && check.isGround === true) ground = check.name;
    outcomes.push(outcome);
    log(`${outcome.status.padEnd(8)} ${outcome.name} (${outcome.seconds} s): ${outcome.detail}`);
  }
  return outcomes;
};

const runCheck = async <World>(check: Check<World>, world: World): Promise<Outcome> => {
  const start = performance.now();
  const [status, detail] = await check.run(world).then(
    (seen): [Status, string] => ["passed", seen],
    (error: unknown): [Status, string] => [
      error instanceof LeftOut ? "left out" : "failed",
      error instanceof Error ? error.message : String(error),
    ],
  );
  return { name: check.name, status, detail, seconds: Math.round((performance.now() - start) / 1_000) };
};

/** True when some check passed, and every other one passed too or was left out. */
export const isSuccess = (outcomes: readonly Outcome[]): boolean =>
  outcomes.some(({ status }) => status === "passed") &&
  outcomes.every(({ status }) => status === "passed" || status === "left out");

/** The closing table: a line for each check, then how many ended how. */
export const closingTable = (outcomes: readonly Outcome[]): string => {
  const rows = outcomes.map(({ name, status, seconds, detail }) => [
    name,
    status,
    `${seconds} s`,
    detail.split("\n")[0] ?? "",
  ]);
  const lines = tableLines(rows, [2]);
  const count = (status: Status) => outcomes.filter((each) => each.status === status).length;
  const notRun = count("not run");
  const leftOut = outcomes.filter(({ status }) => status === "left out");
  return [
    ...lines,
    "",
    ...leftOut.map(({ name, detail }) => `left out: ${name}, because ${detail}`),
    `e2e: ${count("passed")} passed, ${count("failed") + notRun} failed, ${count("left out")} left out`,
  ].join("\n");
};
