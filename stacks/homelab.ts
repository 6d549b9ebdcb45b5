import { type Environment, parseEnvironments, unknowns } from "../environments/schema.ts";
import { summary } from "../lib/synthesis/summary.ts";
import { type SynthesizedStack, synthesize } from "../lib/synthesis/synthesize.ts";
import { addEnvironment } from "./homelab-environment.ts";
import type { Layer } from "./homelab-stack.ts";
import { nodesFromContext } from "./node-context.ts";

/** Parses, checks and synthesizes environments, all or nothing; returns the closing table. */
export const synthesizeHomelab = (inputs: readonly unknown[]): string => {
  const environments = parseEnvironments(inputs);
  return summary(synthesizeEnvironments(environments), unknownsByStack(environments));
};

/** Synthesizes parsed environments. */
export const synthesizeEnvironments = (environments: readonly Environment[]): SynthesizedStack[] =>
  synthesize((app) => {
    const overrides = {
      maintenanceNodes: nodesFromContext(app, "maintenanceNodes", environments),
      stagedNodes: nodesFromContext(app, "stagedNodes", environments),
    };
    for (const environment of environments) addEnvironment(app, environment, overrides);
  });

/** How many assumptions the values of a stack rest on. */
const unknownsByStack = (environments: readonly Environment[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const environment of environments) {
    for (const { path } of unknowns(environment)) {
      const stack = `${environment.name}-${layerOf(path)}`;
      counts.set(stack, (counts.get(stack) ?? 0) + 1);
    }
  }
  return counts;
};

/** The layer that an assumed field shapes first. */
const layerOf = (path: string): Layer => {
  if (path.startsWith("nodes") || path.startsWith("cluster") || path.startsWith("schematics"))
    return "cluster";
  if (path === "backup.image" || path === "backup.ageRecipients") return "platform";
  return path.startsWith("backup") ? "backup" : "platform";
};
