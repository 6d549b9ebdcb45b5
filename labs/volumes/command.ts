/** `homelab drill-volumes`: what it needs, and what it returns. */
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { synthesizedStacks } from "../../operations/cli/synthesized-stacks.ts";
import { cannotRunHere } from "../checks.ts";
import { runInSandbox, sandboxLacks } from "../e2e/sandbox.ts";
import { drillVolumes } from "./drill.ts";
import { installVolumeTools, World } from "./world.ts";

export interface DrillVolumesProps {
  readonly environment: Environment;
  /** The command line of this process, for the one inside of the sandbox. */
  readonly self: readonly string[];
  /** Directory of the run, inside of the sandbox. */
  readonly inside: string | undefined;
  /** Directory for the logs. */
  readonly keep: string | undefined;
  /** Print the checks as JSON. */
  readonly json: boolean;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Returns the exit code. */
export const drillVolumesCommand = async (props: DrillVolumesProps): Promise<number> => {
  const { environment, self, inside, keep, json, out, err } = props;
  if (inside !== undefined) return runInside(inside, props);
  const lacks = await sandboxLacks("go", "openssl");
  try {
    if (lacks.length === 0) await installVolumeTools(environment, err);
  } catch (error) {
    lacks.push((error as Error).message);
  }
  if (lacks.length > 0) return cannotRunHere("drill-volumes", lacks, out, json);
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "volumes-"));
  try {
    return await runInSandbox(process.execPath, [...self, "--inside", directory]);
  } finally {
    if (keep !== undefined)
      for (const name of ["logs", "control-plane"])
        cpSync(join(directory, name), join(keep, name), { recursive: true });
    rmSync(directory, { recursive: true, force: true });
  }
};

const runInside = async (
  directory: string,
  { environment, json, out, err }: DrillVolumesProps,
): Promise<number> => {
  process.umask(0o077);
  const tools = await installVolumeTools(environment, err);
  const world = await World.start({
    environment,
    stacks: synthesizedStacks(environment),
    tools,
    directory,
    log: err,
  });
  try {
    return (await drillVolumes(world, environment, err)).report(out, json);
  } finally {
    await world.stop();
  }
};
