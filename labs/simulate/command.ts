/** `homelab simulate`: what it needs, and what it returns. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { unknownName } from "../../operations/cli/known-name.ts";
import { synthesizedStacks } from "../../operations/cli/synthesized-stacks.ts";
import { cannotRunHere } from "../checks.ts";
import { runInSandbox, sandboxLacks } from "../e2e/sandbox.ts";
import { breakProblems, numberProblems } from "../options.ts";
import { againstCapacity } from "./against-capacity.ts";
import { breakages } from "./breakages.ts";
import { installLaboratory, Laboratory } from "./laboratory.ts";
import { type Scenario, type SimulationOutcome, simulate } from "./simulation.ts";
import { timelinePage } from "./timeline-page.ts";

/** Options as they were given. */
export interface SimulateOptions {
  readonly lose?: readonly string[] | undefined;
  readonly drain?: boolean | undefined;
  readonly powerCut?: boolean | undefined;
  readonly atSize?: string | undefined;
  readonly againstCapacity?: string | undefined;
  readonly seed: string;
  readonly break?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  /** Path of the file for the timeline. */
  readonly page?: string | undefined;
  /** Machines of one of several scenarios. */
  readonly turn?: readonly string[] | undefined;
  readonly inside?: string | undefined;
}

export interface SimulateProps {
  readonly environment: Environment;
  /** The command line of this process, for the one inside of the sandbox. */
  readonly self: readonly string[];
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** The machines that are lost in each scenario: as they are named, or by one word for many. */
export const turnsOf = (lose: readonly string[], machines: readonly string[]): string[][] => {
  if (lose.length !== 1) return [[...lose]];
  const singly = machines.map((machine) => [machine]);
  if (lose[0] === "each") return singly;
  if (lose[0] !== "pairs") return [[...lose]];
  return singly.flatMap(([one = ""], at) => machines.slice(at + 1).map((other) => [one, other]));
};

/** Refused, all at once: a machine or breakage that there is not, numbers that are none, what does not go together. */
export const readScenario = (options: SimulateOptions, { nodes }: Environment): Scenario => {
  const {
    lose: named = [],
    drain = false,
    powerCut = false,
    atSize = "1x",
    againstCapacity: clusters,
  } = options;
  const names = nodes.map(({ name }) => name);
  const turns = turnsOf(named, names);
  const lose = options.turn ?? turns[0] ?? [];
  const problems = [
    ...lose
      .filter((name) => !names.includes(name))
      .map((name) => `--lose: ${unknownName("machine", name, names)}`),
    ...breakProblems(options.break ?? [], breakages, "breakage"),
    ...(/^[1-9]\d?(\.\d+)?x$/.test(atSize)
      ? []
      : [`--at-size: must be a factor like 2x: got ${JSON.stringify(atSize)}`]),
    ...(clusters === undefined || /^[1-9]\d{0,4}$/.test(clusters)
      ? []
      : [`--against-capacity: must be a number of clusters: got ${JSON.stringify(clusters)}`]),
    ...numberProblems({ seed: options.seed }),
    ...(drain && lose.length === 0 ? ["--drain: must name machines by --lose"] : []),
    ...(powerCut && lose.length > 0 ? ["--power-cut: takes every machine: must stand without --lose"] : []),
    ...(lose.length >= nodes.length ? ["--lose: must leave a machine"] : []),
    ...(options.page !== undefined && turns.length > 1
      ? ["--page: shows one scenario: must name the machines that are lost"]
      : []),
  ];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return { lose, drain, powerCut, atSize: Number(atSize.slice(0, -1)), broken: options.break ?? [] };
};

/** Returns the exit code. */
export const simulateCommand = async (options: SimulateOptions, props: SimulateProps): Promise<number> => {
  const scenario = readScenario(options, props.environment);
  if (options.inside !== undefined) return inside(options.inside, scenario, options, props);
  const lacks = await sandboxLacks("go", "openssl");
  if (lacks.length > 0) return cannotRunHere("simulate", lacks, props.out);
  try {
    await installLaboratory(props.environment, props.err);
    const names = props.environment.nodes.map(({ name }) => name);
    const turns = turnsOf(options.lose ?? [], names);
    const failed: string[] = [];
    for (const turn of turns) {
      if (turns.length > 1) props.err(`\nwithout ${turn.join(" and ")}`);
      if ((await inSandbox(turn, options, props)) !== 0) failed.push(turn.join(" and "));
    }
    if (turns.length > 1)
      props.err(
        `${turns.length - failed.length} of ${turns.length} pass; fails: ${failed.join(", ") || "none"}`,
      );
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    props.out(`simulate: ${(error as Error).message}`);
    return 1;
  }
};

/** One scenario in a sandbox of its own; returns its exit code. */
const inSandbox = async (
  turn: readonly string[],
  { seed }: SimulateOptions,
  { self }: SimulateProps,
): Promise<number> => {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "simulate-"));
  try {
    return await runInSandbox(process.execPath, [
      ...[...self, "--seed", seed, "--inside", directory],
      ...(turn.length > 0 ? ["--turn", ...turn] : []),
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const inside = async (
  directory: string,
  scenario: Scenario,
  { againstCapacity: clusters, seed, json = false, page }: SimulateOptions,
  { environment, out, err }: SimulateProps,
): Promise<number> => {
  process.umask(0o077);
  const stacks = synthesizedStacks(environment);
  const laboratory = await Laboratory.start(
    environment,
    await installLaboratory(environment, err),
    directory,
    clusters !== undefined,
  );
  try {
    err(
      `API server ${await laboratory.kubectl.version()}, its scheduler and controllers; kubelets are played`,
    );
    if (clusters !== undefined) {
      const isBroken = scenario.broken.includes("arithmetic");
      return await againstCapacity(laboratory.api, {
        ...{ count: Number(clusters), seed: Number(seed), isBroken, out, err },
      });
    }
    const outcome = await simulate(laboratory, environment, stacks, scenario, err);
    if (page !== undefined) writeFileSync(page, timelinePage(environment.name, outcome));
    out(json ? JSON.stringify(outcome, undefined, 2) : simulationReport(outcome));
    return outcome.problems.length === 0 ? 0 : 1;
  } finally {
    await laboratory.powerOff();
  }
};

/** The outcome as people read it. */
export const simulationReport = ({
  timeline,
  pods,
  ready,
  pending,
  problems,
  notes,
}: SimulationOutcome): string =>
  [
    ...timeline.map(({ at, text }) => `${String(at).padStart(4)} s  ${text}`),
    "",
    `${ready} of ${pods} pods are ready`,
    ...pending.map(({ pod, priorityClass, why }) => `waits: ${pod} (${priorityClass}): ${why}`),
    ...problems.map((each) => `problem: ${each}`),
    ...notes.map((each) => `note: ${each}`),
    problems.length === 0 ? "passes" : `fails: ${problems.length} problems`,
  ].join("\n");
