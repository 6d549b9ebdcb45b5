import type { Construct } from "constructs";
import type { Environment } from "../environments/schema.ts";
import { SynthesisError } from "../lib/core/synthesis/synthesize.ts";

/**
 * The nodes that a context value names: a list, or comma-separated. Given with
 * `CDKTF_CONTEXT_JSON='{"maintenanceNodes":"daphne,diva"}'`; a context in `cdktf.json` would replace that variable.
 *
 * Refused: anything else; a node of no environment.
 */
export const nodesFromContext = (
  scope: Construct,
  key: "maintenanceNodes" | "stagedNodes",
  environments: readonly Environment[],
): string[] =>
  namesFromContext(
    scope,
    key,
    "nodes of an environment",
    environments.flatMap(({ nodes }) => nodes.map(({ name }) => name)),
  );

/** The names that a context value holds, all of them `known`; `what` says what they name. */
export const namesFromContext = (
  scope: Construct,
  key: string,
  what: string,
  known: readonly string[],
): string[] => {
  const value: unknown = scope.node.tryGetContext(key) ?? [];
  const items = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(items) || !items.every((item) => typeof item === "string"))
    throw new SynthesisError([`context ${key}: must be a list of names: got ${JSON.stringify(value)}`]);
  const names = items.map((item) => item.trim()).filter((item) => item !== "");
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new SynthesisError([
      `context ${key}: must name ${what} (${known.join(", ")}): got ${unknown.join(", ")}`,
    ]);
  return names;
};

/** cdktf would read it with an error that names neither the variable nor the rule. */
export const refuseMalformedContext = (given: string | undefined = process.env.CDKTF_CONTEXT_JSON): void => {
  if (!given || isJsonObject(given)) return;
  throw new SynthesisError([
    `CDKTF_CONTEXT_JSON: must be a JSON object, e.g. {"maintenanceNodes":"daphne"}: got ${JSON.stringify(given)}`,
  ]);
};

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};
