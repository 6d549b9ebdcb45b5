/** `npm run drill`: what it accepts, what it needs, and what it returns. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../lib/core/process/command.ts";
import { withWorkspace } from "../../operations/verify-backup/workspace.ts";
import { drill } from "./drill.ts";
import { installTools, toolVersions } from "./tools.ts";
import { FAULTS, type Fault } from "./world.ts";

const USAGE = `usage: npm run drill [-- options]

Backs up a real etcd to a real S3 server, loses it, restores it with the runbook's commands and compares every key;
then kills, fills and damages what it can. Installs what it needs; listens on the loopback only.

  --keys N       keys in etcd (default 100000)
  --kills N      how often the uploader is killed (default 20)
  --seed N       of everything random (default: random, printed)
  --break NAME   breaks something on purpose, so that a check must miss: ${Object.keys(FAULTS).join(", ")}

exit codes: 0 passed; 1 missed; 2 wrong use; 77 this machine cannot run it, and why`;

/** For programs that run it: not a failure, but nothing was checked. */
const CANNOT_RUN_HERE = 77;

interface Request {
  readonly count: number;
  readonly kills: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
}

/** Refused, all at once: a number that is none; a fault that there is not. */
export const readRequest = (args: readonly string[]): Request => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keys: { type: "string", default: "100000" },
      kills: { type: "string", default: "20" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
      break: { type: "string", multiple: true, default: [] },
    },
  });
  const problems = [
    ...Object.entries({ keys: values.keys, kills: values.kills, seed: values.seed })
      .filter(([, value]) => !/^\d{1,10}$/.test(value))
      .map(([name, value]) => `--${name}: must be a whole number: got ${JSON.stringify(value)}`),
    ...values.break
      .filter((name) => !Object.hasOwn(FAULTS, name))
      .map((name) => `--break: must be of ${Object.keys(FAULTS).join(", ")}: got ${JSON.stringify(name)}`),
  ];
  if (Number(values.keys) < 100) problems.push(`--keys: must be 100 at least: got ${values.keys}`);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return {
    count: Number(values.keys),
    kills: Number(values.kills),
    seed: Number(values.seed),
    faults: values.break as Fault[],
  };
};

export interface DrillContext {
  readonly root: string;
  /** Where tools are kept between runs. */
  readonly cache: string;
  readonly out: (line: string) => void;
}

/** Returns the exit code. */
export const drillCommand = async (args: readonly string[], context: DrillContext): Promise<number> => {
  const { out, root, cache } = context;
  let request: Request;
  try {
    request = readRequest(args);
  } catch (error) {
    out(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  return withWorkspace("drill", async (directory) => {
    const bin = join(directory, "bin");
    const missing = await installTools(runCommand, cache, bin, out);
    if (missing.length > 0) {
      out(`left out: drill, because ${missing.join("; ")}`);
      return CANNOT_RUN_HERE;
    }
    process.env.PATH = `${bin}:${process.env.PATH}`;
    out(`${toolVersions}; seed ${request.seed}`);
    const start = Date.now();
    const table = await drill({ ...request, root, directory, log: out });
    out("");
    for (const line of table.show()) out(line);
    out(
      `\n${table.hasMiss ? "MISSED" : "passed"} in ${Math.round((Date.now() - start) / 1000)} s, seed ${request.seed}`,
    );
    return table.hasMiss ? 1 : 0;
  });
};
