/** Runs `homelab e2e`: prepares the run, and returns the exit code. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { cannotRunHere } from "../checks.ts";
import { fillMirror } from "../contract/fill-mirror.ts";
import { ProviderMirror } from "../contract/provider-mirror.ts";
import { pinnedProviders } from "../contract/required-providers.ts";
import { breakProblems, numberProblems } from "../options.ts";
import { Cdktf } from "./cdktf.ts";
import type { Options } from "./e2e-world.ts";
import { faults } from "./faults.ts";
import { runInside } from "./inside.ts";
import { prepare, readPrepared, synthesizeForSandbox, writePrepared } from "./prepare.ts";
import { runInSandbox, sandboxLacks } from "./sandbox.ts";

const PREPARED = "prepared.json";

interface Request extends Options {
  readonly env: string;
  readonly keep: boolean;
  readonly json: boolean;
  /** Directory of the run, when this process is the one inside of the sandbox. */
  readonly inside: string | undefined;
}

/** Options as they were given; what must be a number is still text. */
export interface E2eOptions {
  readonly env: string;
  readonly kills: string;
  readonly seed: string;
  readonly break: readonly string[];
  readonly keep: boolean;
  /** @default false */
  readonly json?: boolean;
  readonly inside?: string | undefined;
}

/** Reads the options, and refuses malformed numbers and unknown faults, all at once. */
export const readE2eRequest = (values: E2eOptions): Request => {
  const problems = [
    ...numberProblems({ kills: values.kills, seed: values.seed }),
    ...breakProblems(values.break, faults),
  ];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return {
    env: values.env,
    kills: Number(values.kills),
    seed: Number(values.seed),
    faults: values.break,
    keep: values.keep,
    json: values.json === true,
    inside: values.inside,
  };
};

export interface CommandProps {
  readonly root: string;
  readonly script: string;
  /** The one that is asked for. */
  readonly environment: Environment;
  readonly out: (line: string) => void;
  /** Progress. */
  readonly err: (line: string) => void;
}

/** Returns the exit code. */
export const e2eCommand = async (options: E2eOptions, props: CommandProps): Promise<number> => {
  const { err } = props;
  const request = readE2eRequest(options);
  if (request.inside !== undefined) return inside(request.inside, request, props);
  const lacks = await sandboxLacks("terraform", "go", "openssl");
  if (lacks.length > 0) return cannotRunHere("e2e", lacks, props.out, request.json);
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "e2e-"));
  try {
    return await outside(directory, request, props);
  } catch (error) {
    err(`e2e: ${(error as Error).message}`);
    return 1;
  } finally {
    if (request.keep) err(`kept: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
};

const outside = async (directory: string, request: Request, props: CommandProps): Promise<number> => {
  const { env, kills, faults: broken, seed, json } = request;
  const { root, script, environment, err } = props;
  const synthesized = await synthesizeForSandbox(environment, new Cdktf(root, {}), directory);
  const wanted = pinnedProviders(synthesized.deployed.map(({ json }) => json));
  const mirror = ProviderMirror.ofMachine();
  // Before anything that takes long.
  const absent = (await fillMirror(runCommand, mirror, wanted, err)).filter(
    ({ from, instead }) => from === undefined && instead === undefined,
  );
  if (absent.length > 0) {
    const reasons = absent.map(({ source, version, reason }) => `provider ${source} ${version}: ${reason}`);
    return cannotRunHere("e2e", reasons, props.out, json);
  }
  writePrepared(join(directory, PREPARED), await prepare(environment, synthesized, broken, err));
  err(`seed ${seed}`);
  const options = { env, kills, seed, inside: directory };
  const own = [
    ...[script, "e2e", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])],
    ...broken.flatMap((name) => ["--break", name]),
    ...(json ? ["--json"] : []),
  ];
  return runInSandbox(process.execPath, own);
};

const inside = async (
  directory: string,
  options: Request,
  { root, environment, out, err }: CommandProps,
): Promise<number> => {
  process.umask(0o077);
  try {
    const checks = await runInside({
      root,
      directory,
      environment,
      prepared: readPrepared(join(directory, PREPARED)),
      mirror: ProviderMirror.ofMachine(),
      options,
      log: err,
    });
    return checks.report(out, options.json);
  } catch (error) {
    err(`e2e: ${(error as Error).message}`);
    return 1;
  }
};
