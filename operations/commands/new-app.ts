/** `npm run new-app`: asks a few questions, or takes flags, and writes an app. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline/promises";
import { apps } from "../../apps/index.ts";
import { environments as inputs } from "../../environments/index.ts";
import { parseEnvironments } from "../../environments/schema.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { mustRunSync } from "../../lib/core/process/command.ts";
import { SynthesisError } from "../../lib/core/synthesis/synthesize.ts";
import { withSynthesis } from "../cli/synthesized-stacks.ts";
import { newAppCommand } from "../new-app/command.ts";
import { essentialsOf } from "../new-app/essentials.ts";

const parsed = parseEnvironments(inputs);

/** What synthesis refuses, without the place in the tree, so that what both environments say is one line. */
const prove = (declarations: readonly AppDeclaration[]): string[] => {
  try {
    withSynthesis(parsed, () => undefined, declarations);
    return [];
  } catch (error) {
    const problems = error instanceof SynthesisError ? error.problems : [(error as Error).message];
    return problems.map((problem) => problem.replace(/^\[[^\]]*\] /, ""));
  }
};

/** As `npm run lint` wants it, imports sorted. */
const formatted = (path: string, text: string): string => {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  return mustRunSync(process.execPath, [biome, "check", "--write", `--stdin-file-path=${path}`], {
    input: text,
  });
};

const terminal = process.stdin.isTTY
  ? createInterface({ input: process.stdin, output: process.stdout })
  : undefined;

process.exitCode = await newAppCommand(
  process.argv.slice(2),
  {
    declarations: apps,
    prove,
    essentials: (declaration, all) =>
      new Map(
        parsed.flatMap((environment) => {
          const found = essentialsOf(declaration, all, environment);
          return found ? [[environment.name, found] as const] : [];
        }),
      ),
    exists: existsSync,
    read: (path) => readFileSync(path, "utf8"),
    write: (path, text, isNew) => writeFileSync(path, formatted(path, text), { flag: isNew ? "wx" : "w" }),
    ask: terminal && ((question) => terminal.question(question)),
  },
  (line) => console.log(line),
);
terminal?.close();
