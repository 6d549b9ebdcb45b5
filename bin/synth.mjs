#!/usr/bin/env node
/** Synthesizes main.ts from its bundle; `cdktf.json` and `npm run synth` run this. */
import v8 from "node:v8";
import { runBundle } from "./build.mjs";

// A synth is over before optimized code pays: V8 waits fifteen times longer than usual before it compiles a function
// again, which saves a third of the processor time. Environments of a thousand nodes still get there.
v8.setFlagsFromString("--interrupt-budget=1000000");

/** A refusal lists its problems, and so does code that does not parse; anything else is one line. */
const told = (error) => {
  if (Array.isArray(error?.problems)) return `${error.name}: ${error.message}`;
  if (Array.isArray(error?.errors)) return error.message;
  if (process.env.DEBUG_STACK_TRACE) return error;
  const message =
    error?.name === "UnexpectedError" ? error.message : `while loading main.ts and what it imports: ${error}`;
  return `synth: ${message.replace(/\s+/g, " ")} (DEBUG_STACK_TRACE=1 shows where)`;
};

try {
  await runBundle("main.ts");
} catch (error) {
  console.error(told(error));
  process.exitCode = 1;
}
