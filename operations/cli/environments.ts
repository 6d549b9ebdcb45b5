import { environments } from "../../environments/index.ts";
import { type Environment, parseEnvironment, parseEnvironments } from "../../environments/schema.ts";
import { environmentNames } from "./environment-argument.ts";
import { knownName } from "./known-name.ts";

export { environmentNames };

/** Reads and checks the environment of a name; throws when there is none, or with all that is wrong in it. */
export const environmentNamed = (name: string): Environment => {
  knownName("environment", name, environmentNames);
  return asWritten(parseEnvironment(environments.find((each) => each.name === name)));
};

/** Every environment, read and checked; throws with all that is wrong in any. */
export const allEnvironments = (): readonly Environment[] => parseEnvironments(environments).map(asWritten);

const written = new WeakSet<Environment>();

const asWritten = (environment: Environment): Environment => {
  written.add(environment);
  return environment;
};

/** True of an environment as this revision has it; of a copy with something changed it is not. */
export const isAsWritten = (environment: Environment): boolean => written.has(environment);
