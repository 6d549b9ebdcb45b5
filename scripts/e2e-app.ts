/**
 * The app as the end-to-end run has cdktf synthesize it: `bin/synth.mjs`, whose output then has the switches thrown
 * that E2E_SWITCHES names. See lib/e2e/switches.ts.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SWITCHES } from "../lib/e2e/cdktf.ts";
import { isSwitch, throwSwitches, withoutUpstream } from "../lib/e2e/switches.ts";

const names = (process.env[SWITCHES] ?? "").split(",").filter((name) => name !== "");
const unknown = names.filter((name) => !isSwitch(name));
if (unknown.length > 0) throw new Error(`${SWITCHES}: no such switch: got ${unknown.join(", ")}`);

const { status } = spawnSync(process.execPath, ["bin/synth.mjs"], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
const directory = join(outdir, "stacks");
for (const stack of readdirSync(directory)) {
  const path = join(directory, stack, "cdk.tf.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify(throwSwitches(json, names.filter(isSwitch)), null, 2));
}

// cdktf keeps the order of the stacks that it deploys only where it may look at what they depend on.
const path = join(outdir, "manifest.json");
writeFileSync(path, JSON.stringify(withoutUpstream(JSON.parse(readFileSync(path, "utf8"))), null, 2));
