#!/usr/bin/env node
/** Runs `homelab`, the one command line; TypeScript is loaded as it is, and of each command only what it needs. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";
import { builtBundle } from "./build.mjs";
import { keyOf, proofMemory, recall } from "./memory.mjs";

// npm runs a script at the project's root, and tells where it was called.
const { npm_lifecycle_event: script, INIT_CWD: calledIn } = process.env;
const cwd = (script === "homelab" && calledIn) || process.cwd();
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
// On Node.js 20 the S3 client warns on every start that later releases of it will not run there.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// Whoever reads the output may have seen enough: `homelab … | head`.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

register();
// Proofs of the last synth are not proved again, and stacks that still lie there are not synthesized.
const known = builtBundle("main.ts");
if (known) {
  const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  globalThis.proofMemory = proofMemory(known.paths.proofs, known.code);
  globalThis.lastSynthesis = () =>
    recall(known.paths.memory, keyOf(known.digest, { outdir }), outdir) === undefined ? undefined : outdir;
}
const { homelab } = await import("../operations/cli/homelab.ts");
const { processTerminal } = await import("../operations/cli/terminal.ts");
const { commands } = await import("../labs/commands/index.ts");
const code = await homelab(commands, process.argv.slice(2), processTerminal(cwd));
// A program that hangs must not hold this one up.
process.stderr.write("", () => process.stdout.write("", () => process.exit(code)));
