/** `npm run e2e`: what it accepts, what it needs, and what it returns. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Environment } from "../../environments/schema.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { fillMirror } from "../contract/fill-mirror.ts";
import { mirroredStack } from "../contract/mirrored-stack.ts";
import { ProviderMirror } from "../contract/provider-mirror.ts";
import { pinnedProviders } from "../contract/required-providers.ts";
import { Cdktf } from "./cdktf.ts";
import { faults } from "./faults.ts";
import { runInside } from "./inside.ts";
import { prepare, readPrepared, synthesize, writePrepared } from "./prepare.ts";
import { runInSandbox, sandboxProblem } from "./sandbox.ts";
import type { Options } from "./world.ts";

const PREPARED = "prepared.json";

const USAGE = `usage: npm run e2e [-- options]

Deploys platform and apps of an environment to a real API server, in a network namespace of its own, and checks what
comes of it.

  --env NAME     the environment (default dev)
  --kills N      how many applies are killed in the middle (default 10)
  --seed N       of the points where they are (default: random, printed)
  --break NAME   breaks something on purpose, so that a check must fail: ${Object.keys(faults).join(", ")}
  --keep         leaves the directory of the run where it is

exit codes: 0 passed; 1 failed; 2 wrong use; 77 this machine cannot run it, and why`;

/** For programs that run it: not a failure, but nothing was checked. */
const CANNOT_RUN_HERE = 77;

interface Request extends Options {
  readonly env: string;
  readonly keep: boolean;
  /** Directory of the run, when this process is the one inside of the sandbox. */
  readonly inside: string | undefined;
}

/**
 * Reads the command line. Refused, all at once: an environment that there is not; a number that is none; a fault that
 * there is not.
 */
export const readRequest = (args: readonly string[], environments: readonly string[]): Request => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      env: { type: "string", default: "dev" },
      kills: { type: "string", default: "10" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
      break: { type: "string", multiple: true, default: [] },
      keep: { type: "boolean", default: false },
      inside: { type: "string" },
    },
  });
  const problems = [
    ...(environments.includes(values.env)
      ? []
      : [`--env: must be of ${environments.join(", ")}: got ${JSON.stringify(values.env)}`]),
    ...Object.entries({ kills: values.kills, seed: values.seed })
      .filter(([, value]) => !/^\d{1,10}$/.test(value))
      .map(([name, value]) => `--${name}: must be a whole number: got ${JSON.stringify(value)}`),
    ...values.break
      .filter((name) => !Object.hasOwn(faults, name))
      .map((name) => `--break: must be of ${Object.keys(faults).join(", ")}: got ${JSON.stringify(name)}`),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return {
    env: values.env,
    kills: Number(values.kills),
    seed: Number(values.seed),
    faults: values.break,
    keep: values.keep,
    inside: values.inside,
  };
};

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  terraform: ["version"],
  go: ["version"],
  openssl: ["version"],
  ip: ["-Version"],
  unshare: ["--version"],
};

/** What this machine lacks, a line each. */
const missing = async (): Promise<string[]> => {
  const lacks: string[] = [];
  for (const [program, args] of Object.entries(NEEDED)) {
    const { code } = await runCommand(program, args, {});
    if (code === -1) lacks.push(`${program} is not installed`);
  }
  const problem = lacks.length > 0 ? undefined : await sandboxProblem();
  return problem === undefined ? lacks : [...lacks, problem];
};

export interface CommandProps {
  readonly root: string;
  readonly script: string;
  readonly environments: readonly Environment[];
  readonly out: (line: string) => void;
}

interface Props extends CommandProps {
  /** The one that is asked for. */
  readonly environment: Environment;
}

/** Returns the exit code. */
export const e2eCommand = async (args: readonly string[], given: CommandProps): Promise<number> => {
  const { out, environments } = given;
  let request: Request;
  try {
    request = readRequest(
      args,
      environments.map(({ name }) => name),
    );
  } catch (error) {
    out(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const environment = environments.find(({ name }) => name === request.env);
  if (environment === undefined) throw new Error(`no environment ${request.env}`);
  const props: Props = { ...given, environment };
  if (request.inside !== undefined) return inside(request.inside, request, props);
  const lacks = await missing();
  if (lacks.length > 0) {
    out(`cannot run here: ${lacks.join("; ")}`);
    return CANNOT_RUN_HERE;
  }
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "e2e-"));
  try {
    return await outside(directory, args, request, props);
  } catch (error) {
    out(`e2e: ${(error as Error).message}`);
    return 1;
  } finally {
    if (request.keep) out(`kept: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
};

const outside = async (
  directory: string,
  args: readonly string[],
  { faults: broken, seed }: Request,
  { root, script, environment, out }: Props,
): Promise<number> => {
  const synthesized = await synthesize(environment, new Cdktf(root, {}), directory);
  const wanted = pinnedProviders(synthesized.deployed.map(({ json }) => json));
  const mirror = ProviderMirror.ofMachine();
  // Before anything that takes long.
  const absent = (await fillMirror(runCommand, mirror, wanted, out)).filter(
    ({ from, instead }) => from === undefined && instead === undefined,
  );
  if (absent.length > 0) {
    const lines = absent.map(({ source, version, reason }) => `provider ${source} ${version}: ${reason}`);
    out(`cannot run here: ${lines.join("; ")}`);
    return CANNOT_RUN_HERE;
  }
  writePrepared(join(directory, PREPARED), await prepare(environment, synthesized, broken, out));
  out(`seed ${seed}`);
  const own = [...process.execArgv, script, ...args, "--seed", String(seed), "--inside", directory];
  const code = await runInSandbox(process.execPath, own);
  const substituted = synthesized.deployed.flatMap(({ json }) => mirroredStack(json, mirror).substituted);
  for (const line of new Set(substituted)) out(`note: e2e ran with ${line}, which cannot be had here`);
  return code;
};

const inside = async (
  directory: string,
  options: Options,
  { root, environment, out }: Props,
): Promise<number> => {
  process.umask(0o077);
  try {
    const isSuccess = await runInside({
      root,
      directory,
      environment,
      prepared: readPrepared(join(directory, PREPARED)),
      mirror: ProviderMirror.ofMachine(),
      options,
      log: out,
    });
    return isSuccess ? 0 : 1;
  } catch (error) {
    out(`e2e: ${(error as Error).message}`);
    return 1;
  }
};
