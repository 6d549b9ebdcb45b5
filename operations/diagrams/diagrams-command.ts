/** `homelab diagrams`: what it draws, says and returns. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apps } from "../../apps/index.ts";
import type { Environment } from "../../environments/schema.ts";
import { appsIn } from "../../lib/app/catalogue.ts";
import { withSynthesis } from "../cli/synthesized-stacks.ts";
import type { Terminal } from "../cli/terminal.ts";
import { type Diagrams, diagramProblems, writeDiagrams } from "./committed.ts";
import { drawnApps } from "./drawn-apps.ts";
import { layersDiagram } from "./layers-diagram.ts";
import { networkDiagram } from "./network-diagram.ts";
import type { StackSource } from "./stack-graph.ts";

/** The environment's stacks as they are synthesized, with the order in which cdktf deploys them. */
const stacksOf = (environment: Environment): StackSource[] =>
  withSynthesis([environment], (stacks, directory) => {
    const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"));
    return stacks.map(({ name, json }) => ({ name, json, dependencies: manifest.stacks[name].dependencies }));
  });

const draw = (environments: readonly Environment[]): Diagrams =>
  new Map(
    environments.flatMap((environment) => {
      const living = drawnApps(appsIn(apps, environment).values());
      return [
        [`${environment.name}.svg`, networkDiagram(environment, living)],
        [`${environment.name}-layers.md`, layersDiagram(environment, stacksOf(environment), living)],
      ] as const;
    }),
  );

/** Draws environments under a directory, or compares with what is there; returns the exit code. */
export const diagramsCommand = (
  environments: readonly Environment[],
  directory: string,
  check: boolean,
  { out, err }: Pick<Terminal, "out" | "err">,
): number => {
  err("synthesizing …");
  const diagrams = draw(environments);
  const lines = check ? diagramProblems(directory, diagrams) : writeDiagrams(directory, diagrams);
  out(lines.length > 0 ? lines.join("\n") : `${diagrams.size} diagrams are current`);
  if (!check || lines.length === 0) return 0;
  err(`Run \`npm run homelab -- diagrams\` and commit ${directory}.`);
  return 1;
};
