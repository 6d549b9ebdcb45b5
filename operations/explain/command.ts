/** `npm run explain`: what it accepts, says and returns. */

import { parseArgs } from "node:util";
import { distance } from "fastest-levenshtein";
import { type AppDeclaration, environmentsOf } from "../../lib/app/declaration.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { explain, type Surroundings } from "./explanation.ts";
import { report } from "./report.ts";

const USAGE = `usage: npm run explain -- <environment>/<app> [--json]

Prints everything that an app becomes there: objects, flows, capacity, hosts, secrets' paths, volumes, order, cost in lines.

exit codes: 0 explained; 1 the homelab is refused as it is; 2 wrong use, or an unknown name`;

export interface ExplainWorld {
  readonly environments: readonly string[];
  readonly declarations: readonly AppDeclaration[];
  /** Synthesizes an environment; throws with what is refused. */
  readonly surroundings: (environment: string) => Surroundings;
  /** Lines of `apps/<name>.ts`; undefined when there is no such file. */
  readonly linesOf: (name: string) => number | undefined;
}

class UnknownNameError extends Error {}

/** Returns the exit code. */
export const explainCommand = (
  args: readonly string[],
  world: ExplainWorld,
  out: (line: string) => void,
): number => {
  try {
    const { environment, declaration, json } = request(args, world);
    const around = world.surroundings(environment);
    const app = around.apps.get(declaration);
    if (!app) throw new Error(`${environment}: has no app ${declaration.name}`);
    const explained = explain(app, around, world.linesOf(declaration.name));
    out(json ? JSON.stringify(explained, null, 2) : report(explained));
    return 0;
  } catch (error) {
    const { message } = error as Error;
    out(error instanceof UsageError ? `${message}\n\n${USAGE}` : message);
    return error instanceof UsageError || error instanceof UnknownNameError ? 2 : 1;
  }
};

const request = (args: readonly string[], world: ExplainWorld) => {
  const { values, positionals } = parse(args);
  const [environment = "", name = "", ...rest] = positionals.join(" ").split("/");
  if (positionals.length !== 1 || environment === "" || name === "" || rest.length > 0)
    throw new UsageError(`must name one <environment>/<app>: got ${positionals.join(" ") || "nothing"}`);
  const declaration = world.declarations.find((each) => each.name === name);
  const isKnown = world.environments.includes(environment);
  const lives = declaration ? environmentsOf(declaration) : [];
  const problems = [
    ...(isKnown ? [] : [unknown("environment", environment, world.environments)]),
    ...(declaration
      ? []
      : [
          unknown(
            "app",
            name,
            world.declarations.map((each) => each.name),
          ),
        ]),
    ...(isKnown && declaration && !lives.some((each) => each === environment)
      ? [`app ${name} does not live in ${environment}: it lives in ${lives.join(", ")}`]
      : []),
  ];
  if (problems.length > 0 || !declaration) throw new UnknownNameError(problems.join("\n"));
  return { environment, declaration, json: values.json };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/** Names the nearest, and all when they are few. */
const unknown = (what: string, name: string, known: readonly string[]): string => {
  const nearest = [...known].sort((a, b) => distance(name, a) - distance(name, b));
  return `no ${what} ${JSON.stringify(name)}: the nearest is ${nearest.slice(0, 3).join(", then ") || "none"}`;
};
