import { existsSync, readFileSync } from "node:fs";
import { apps } from "../../apps/index.ts";
import type { Environment } from "../../environments/schema.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { SynthesisError } from "../../lib/core/synthesis/synthesize.ts";
import { writeFormatted } from "../cli/formatted.ts";
import { writeGenerated } from "../cli/generated.ts";
import { withSynthesis } from "../cli/synthesized-stacks.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { NewAppWorld } from "./command.ts";
import { essentialsOf } from "./essentials.ts";

/** What synthesis refuses, without the place in the tree, so that what both environments say is one line. */
const prove = (parsed: readonly Environment[], declarations: readonly AppDeclaration[]): string[] => {
  try {
    withSynthesis(parsed, () => undefined, declarations);
    return [];
  } catch (error) {
    const problems = error instanceof SynthesisError ? error.problems : [(error as Error).message];
    return problems.map((problem) => problem.replace(/^\[[^\]]*\] /, ""));
  }
};

/** The project that is checked out. */
export const projectWorld = (
  parsed: readonly Environment[],
  { ask, err }: Pick<Terminal, "ask" | "err">,
): NewAppWorld => ({
  declarations: apps,
  prove: (declarations) => prove(parsed, declarations),
  essentials: (declaration, all) =>
    new Map(
      parsed.flatMap((environment) => {
        const found = essentialsOf(declaration, all, environment);
        return found ? [[environment.name, found] as const] : [];
      }),
    ),
  exists: existsSync,
  read: (path) => readFileSync(path, "utf8"),
  write: writeFormatted,
  generate: () => writeGenerated(err),
  ask,
});
