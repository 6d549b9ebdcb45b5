import type { Environment } from "../../environments/schema.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { SynthesisError } from "../../lib/core/synthesis/synthesize.ts";
import { withSynthesis } from "./synthesized-stacks.ts";

/**
 * Lists what synthesis refuses, without the place in the tree, so that what several environments say is one line.
 * @param declarations every app; by default those of `apps/`
 */
export const refusalsOf = (
  environments: readonly Environment[],
  declarations?: readonly AppDeclaration[],
): string[] => {
  try {
    withSynthesis(environments, () => undefined, declarations);
    return [];
  } catch (error) {
    const problems = error instanceof SynthesisError ? error.problems : [(error as Error).message];
    return problems.map((problem) => problem.replace(/^\[[^\]]*\] /, ""));
  }
};
