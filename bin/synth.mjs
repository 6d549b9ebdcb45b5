#!/usr/bin/env node
/** Synthesizes main.ts from its bundle; `cdktf.json` and `npm run synth` run this. */
import v8 from "node:v8";
import { runBundle } from "./build.mjs";

// A synth is over before optimized code pays: V8 waits fifteen times longer than usual before it compiles a function
// again, which saves a third of the processor time. Environments of a thousand nodes still get there.
v8.setFlagsFromString("--interrupt-budget=1000000");

try {
  await runBundle("main.ts");
} catch (error) {
  // A refusal lists its problems, and so does code that does not parse; anything else is a defect and shows where.
  if (Array.isArray(error?.problems)) console.error(`${error.name}: ${error.message}`);
  else if (Array.isArray(error?.errors)) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
