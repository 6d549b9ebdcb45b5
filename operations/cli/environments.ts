import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { type Environment, parseEnvironment } from "../../environments/schema.ts";

const INPUTS = [dev, prod];

/** The names of all environments. */
export const environmentNames = INPUTS.map(({ name }) => name);

/** Reads and checks the environment of a name; throws when there is none, or with all that is wrong in it. */
export const environmentNamed = (name: string): Environment => {
  const input = INPUTS.find((each) => each.name === name);
  if (!input) throw new Error(`no environment ${JSON.stringify(name)}: ${environmentNames.join(", ")}`);
  return parseEnvironment(input);
};
