#!/usr/bin/env node
/** Runs `homelab`, the one command line; TypeScript is loaded as it is, and of each command only what it needs. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";
import { provedCode } from "./build.mjs";
import { proofMemory } from "./memory.mjs";

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
// What the same proofs said in the last synth need not be proved again.
const known = provedCode("main.ts");
if (known) globalThis.proofMemory = proofMemory(known.proofs, known.code);
const { homelab } = await import("../operations/cli/homelab.ts");
const { processTerminal } = await import("../operations/cli/terminal.ts");
const { commands } = await import("../labs/commands/index.ts");
const code = await homelab(commands, process.argv.slice(2), processTerminal(cwd));
// A program that hangs must not hold this one up.
process.stderr.write("", () => process.stdout.write("", () => process.exit(code)));
