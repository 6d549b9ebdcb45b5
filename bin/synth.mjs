#!/usr/bin/env node
/** Synthesizes main.ts from its bundle; `cdktf.json` and `npm run synth` run this. */
import { runBundle } from "./build.mjs";

try {
  await runBundle("main.ts");
} catch (error) {
  // A refusal lists its problems; anything else is a defect and shows where.
  console.error(Array.isArray(error?.problems) ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
