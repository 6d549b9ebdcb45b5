/** `homelab talosctl`: what it needs, and what it returns. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { synthesizedStacks } from "../../operations/cli/synthesized-stacks.ts";
import { Checks, cannotRunHere } from "../checks.ts";
import {
  buildMachinery,
  judgeMachines,
  machineInputs,
  machineryIn,
  machineryVersion,
} from "../contract/machinery.ts";
import { Etcd } from "../drill/etcd.ts";
import { runInSandbox, sandboxLacks, settle } from "../e2e/sandbox.ts";
import { cacheDirectory, installTool } from "../programs/install-tool.ts";
import { etcd, talosctl } from "../programs/pinned-tools.ts";
import { LoopbackServer, listensOn } from "../programs/service.ts";
import { answerChecks, doctorChecks, writtenChecks } from "./checks.ts";
import { makeGoods, type PlayedMachines, playedMachines } from "./played-machines.ts";

const LAB = "talosctl";
const PORT = 50_000;
/** Answers of talosctl that the tests read. */
const RECORDED = "__tests__/fixtures/talosctl.json";

export interface TalosctlProps {
  readonly environment: Environment;
  /** The command line of this process, for the one inside of the sandbox. */
  readonly self: readonly string[];
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

export interface TalosctlLabOptions {
  readonly json: boolean;
  /** True to keep what talosctl prints, for the tests. */
  readonly record: boolean;
  /** Directory of the run, when this process is the one inside of the sandbox. */
  readonly inside?: string | undefined;
}

/** Returns the exit code. */
export const talosctlLab = async (options: TalosctlLabOptions, props: TalosctlProps): Promise<number> => {
  if (options.inside !== undefined) return inside(options.inside, options, props);
  const { self, out, err } = props;
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "talosctl-"));
  try {
    const lacks = await prepare(directory, err);
    if (lacks.length > 0) return cannotRunHere(LAB, lacks, out, options.json);
    return await runInSandbox(process.execPath, [...self, "--inside", directory]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Builds the programs into a directory of their own; returns what this machine lacks. */
const prepare = async (directory: string, log: (line: string) => void): Promise<string[]> => {
  const lacks = await sandboxLacks("go");
  if (lacks.length > 0) return lacks;
  const programs = join(directory, "bin");
  mkdirSync(programs);
  for (const tool of [talosctl, etcd]) {
    const installed = await installTool(runCommand, cacheDirectory(), tool, log);
    if ("missing" in installed) lacks.push(installed.missing);
    else symlinkSync(installed.program, join(programs, tool.name));
  }
  const built = await buildMachinery(runCommand, programs);
  return "reason" in built ? [...lacks, `machinery: ${built.reason}`] : lacks;
};

const inside = async (
  directory: string,
  { json, record }: TalosctlLabOptions,
  { environment, out, err }: TalosctlProps,
): Promise<number> => {
  process.umask(0o077);
  process.env.PATH = `${join(directory, "bin")}:${process.env.PATH}`;
  process.env.TALOSCONFIG = join(directory, "talosconfig");
  const [stack] = synthesizedStacks(environment).filter(({ name }) => name === `${environment.name}-cluster`);
  const program = machineryIn(join(directory, "bin"));
  const judged = await judgeMachines(runCommand, program, machineInputs(stack?.json ?? {}));
  const configurations = new Map(
    judged.map(({ name, configuration }) => [name.replace(/^node_/, ""), configuration]),
  );
  await settle(
    [
      ...new Set(
        environment.nodes
          .flatMap((node) => [node.address, node.maintenanceAddress ?? node.address])
          .map(String),
      ),
    ],
    directory,
  );
  const store = await Etcd.start(join(directory, "etcd"));
  await store.put([["/registry/a", "1"]]);
  const revision = await store.revision();
  const goods = await makeGoods(store, directory);
  await store.kill();
  const machines = playedMachines(environment, configurations, goods);
  const play = (each: PlayedMachines) => writeFileSync(join(directory, "world.json"), JSON.stringify(each));
  play(machines);
  const player = new LoopbackServer({
    ...{ command: program, args: ["serve", directory], log: join(directory, "player.log") },
    isUp: listensOn(PORT),
  });
  await player.start();
  const checks = new Checks(LAB, err);
  const lab = {
    environment,
    directory,
    checks,
    machines,
    configurations,
    snapshot: { content: goods.snapshot, revision },
    recorded: { flags: {}, answers: {} },
  };
  try {
    await checks.section("what is written", () => writtenChecks(lab));
    await checks.section("what is read", () => answerChecks(lab));
    await checks.section("doctor", () => doctorChecks(lab, play));
  } finally {
    await player.kill();
  }
  if (record && checks.passed)
    writeFileSync(RECORDED, `${JSON.stringify({ version: talosctl.version, ...lab.recorded }, null, 2)}\n`);
  checks.note(`talosctl ${talosctl.version} against machines of Talos ${machineryVersion()} that are played`);
  return checks.report(out, json);
};
