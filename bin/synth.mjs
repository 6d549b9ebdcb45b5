#!/usr/bin/env node
/**
 * Synthesizes main.ts from its bundle; `cdktf.json` and `npm run synth` run this. What was synthesized from the very same
 * program, data, day and variables, and still lies there, is not synthesized again, and a proof whose arguments are the
 * same is not proved again: `--no-cache` does both.
 */
import v8 from "node:v8";
import { execute, prepareBundle } from "./build.mjs";
import { keep, keyOf, proofMemory, recall } from "./memory.mjs";
import { told } from "./told.mjs";

// A synth is over before optimized code pays: V8 waits fifteen times longer than usual before it compiles a function
// again, which saves a third of the processor time. Environments of a thousand nodes still get there.
v8.setFlagsFromString("--interrupt-budget=1000000");

/** Runs `action`; returns what it wrote to standard output, which is written all the same. */
const listening = (action) => {
  const write = process.stdout.write;
  const said = [];
  process.stdout.write = (chunk, ...rest) => {
    said.push(chunk);
    return write.call(process.stdout, chunk, ...rest);
  };
  try {
    action();
  } finally {
    process.stdout.write = write;
  }
  return said.join("");
};

try {
  const bundle = await prepareBundle("main.ts");
  const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  const key = keyOf(bundle.digest, { outdir });
  const isRemembering = !process.argv.includes("--no-cache");
  const known = isRemembering ? recall(bundle.paths.memory, key, outdir) : undefined;
  if (known === undefined) {
    const proofs = proofMemory(bundle.paths.proofs, bundle.code, isRemembering);
    globalThis.proofMemory = proofs;
    try {
      keep(
        bundle.paths.memory,
        key,
        listening(() => execute(bundle)),
        outdir,
      );
    } finally {
      proofs.close();
    }
  } else process.stdout.write(known);
} catch (error) {
  console.error(told(error));
  process.exitCode = 1;
}
