/** `homelab explain`: what it says and returns. */

import { type AppDeclaration, environmentsOf } from "../../lib/app/declaration.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { environmentNames } from "../cli/environment-argument.ts";
import { unknownName } from "../cli/known-name.ts";
import { explain, type Surroundings } from "./explanation.ts";
import { explanationText } from "./explanation-text.ts";

export interface ExplainWorld {
  readonly environments: readonly string[];
  readonly declarations: readonly AppDeclaration[];
  /** Synthesizes an environment; throws with what is refused. */
  readonly surroundings: (environment: string) => Surroundings;
  /** Lines of `apps/<name>.ts`; undefined when there is no such file. */
  readonly linesOf: (name: string) => number | undefined;
}

/** Returns the exit code. */
export const explainCommand = (
  what: string,
  json: boolean,
  world: ExplainWorld,
  out: (line: string) => void,
): number => {
  const { environment, declaration } = request(what, world);
  const around = world.surroundings(environment);
  const app = around.catalogue.apps.get(declaration);
  if (!app) throw new Error(`${environment}: has no app ${declaration.name}`);
  const explained = explain(app, around, world.linesOf(declaration.name));
  out(json ? JSON.stringify(explained, null, 2) : explanationText(explained));
  return 0;
};

const request = (what: string, world: ExplainWorld) => {
  const [environment = "", name = "", ...rest] = what.split("/");
  if (environment === "" || name === "" || rest.length > 0)
    throw new UsageError(`must name one <environment>/<app>: got ${what}`);
  const declaration = world.declarations.find((each) => each.name === name);
  const isKnown = world.environments.includes(environment);
  const lives = declaration ? environmentsOf(declaration, environmentNames) : [];
  const names = world.declarations.map((each) => each.name);
  const problems = [
    ...(isKnown ? [] : [unknownName("environment", environment, world.environments)]),
    ...(declaration ? [] : [unknownName("app", name, names)]),
    ...(isKnown && declaration && !lives.some((each) => each === environment)
      ? [`app ${name} does not live in ${environment}: it lives in ${lives.join(", ")}`]
      : []),
  ];
  if (problems.length > 0 || !declaration) throw new UsageError(problems.join("\n"));
  return { environment, declaration };
};
