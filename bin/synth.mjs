#!/usr/bin/env node
/** Synthesizes main.ts from its bundle; `cdktf.json` and `npm run synth` run this. */
import { runBundle } from "./build.mjs";

await runBundle("main.ts");
