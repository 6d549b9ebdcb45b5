/** `npm run diagrams` draws both environments under docs/diagrams; with `-- --check` it refuses stale pictures. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environments as inputs } from "../../environments/index.ts";
import { type Environment, parseEnvironments } from "../../environments/schema.ts";
import { withSynthesis } from "../cli/synthesized-stacks.ts";
import { type Diagrams, diagramProblems, writeDiagrams } from "../diagrams/committed.ts";
import { layersDiagram } from "../diagrams/layers-diagram.ts";
import { networkDiagram } from "../diagrams/network-diagram.ts";
import type { StackSource } from "../diagrams/stack-graph.ts";

const DIRECTORY = "docs/diagrams";

/** The environment's stacks as they are synthesized, with the order in which cdktf deploys them. */
const stacksOf = (environment: Environment): StackSource[] =>
  withSynthesis([environment], (stacks, directory) => {
    const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"));
    return stacks.map(({ name, json }) => ({ name, json, dependencies: manifest.stacks[name].dependencies }));
  });

const draw = (environments: readonly Environment[]): Diagrams =>
  new Map(
    environments.flatMap((environment) => [
      [`${environment.name}.svg`, networkDiagram(environment)],
      [`${environment.name}-layers.md`, layersDiagram(environment, stacksOf(environment))],
    ]),
  );

const run = (args: readonly string[]): number => {
  const [mode] = args;
  if (args.length > 1 || (mode !== undefined && mode !== "--check")) {
    console.error(`usage: npm run diagrams [-- --check]; got ${args.join(" ")}`);
    return 2;
  }
  const diagrams = draw(parseEnvironments(inputs));
  if (mode === undefined) {
    const changes = writeDiagrams(DIRECTORY, diagrams);
    console.log(changes.length > 0 ? changes.join("\n") : `${diagrams.size} diagrams are current`);
    return 0;
  }
  const problems = diagramProblems(DIRECTORY, diagrams);
  if (problems.length > 0) {
    console.error(`${problems.join("\n")}\nRun \`npm run diagrams\` and commit ${DIRECTORY}.`);
    return 1;
  }
  console.log(`${diagrams.size} diagrams are current`);
  return 0;
};

process.exitCode = run(process.argv.slice(2));
