/**
 * The app as the end-to-end run has cdktf synthesize it: `bin/synth.mjs`, whose output then has the switches thrown
 * that E2E_SWITCHES names (labs/e2e/switches.ts), and takes the providers that this machine's mirror has.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommandSync } from "../../lib/core/process/command.ts";
import { mirroredStack } from "../contract/mirrored-stack.ts";
import { ProviderMirror } from "../contract/provider-mirror.ts";
import { SWITCHES } from "./cdktf.ts";
import { isSwitch, throwSwitches, withoutUpstream } from "./switches.ts";

const names = (process.env[SWITCHES] ?? "").split(",").filter((name) => name !== "");
const unknown = names.filter((name) => !isSwitch(name));
if (unknown.length > 0) throw new Error(`${SWITCHES}: no such switch: got ${unknown.join(", ")}`);

const { code } = runCommandSync(process.execPath, ["bin/synth.mjs"], { shown: true });
if (code !== 0) process.exit(code === -1 ? 1 : code);

const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
const directory = join(outdir, "stacks");
const mirror = ProviderMirror.ofMachine();
for (const stack of readdirSync(directory)) {
  const path = join(directory, stack, "cdk.tf.json");
  const json = throwSwitches(JSON.parse(readFileSync(path, "utf8")), names.filter(isSwitch));
  const served = mirroredStack(json, mirror);
  writeFileSync(path, JSON.stringify(served.missing.length === 0 ? served.json : json, null, 2));
}

// cdktf keeps the order of the stacks that it deploys only where it may look at what they depend on.
const path = join(outdir, "manifest.json");
writeFileSync(path, JSON.stringify(withoutUpstream(JSON.parse(readFileSync(path, "utf8"))), null, 2));
