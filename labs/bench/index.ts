/**
 * `npm run bench`: measures what the project promises about speed, and prints each figure beside its target.
 * `--json` prints the rows as JSON; `--check` exits with 1 when a target is missed, otherwise it is a report.
 */
import "../../lib/core/stack-trace.ts";
import "../../lib/core/token-resolution.ts";
import { parseArgs } from "node:util";
import { benchNetwork } from "./network.ts";
import { isMissed, report } from "./report.ts";
import { benchGrowth, benchProcesses } from "./synth.ts";

const { values: options } = parseArgs({
  options: { json: { type: "boolean", default: false }, check: { type: "boolean", default: false } },
});
const rows = [...benchProcesses(), ...benchGrowth(), ...benchNetwork()];
console.log(options.json ? JSON.stringify(rows, undefined, 2) : report(rows));
if (options.check && rows.some(isMissed)) process.exitCode = 1;
