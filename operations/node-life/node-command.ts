/** `npm run node`: what it accepts, says and returns. It only prints. */
import { parseArgs } from "node:util";
import { type Environment, EnvironmentError } from "../../environments/schema.ts";
import { type EnvironmentSource, sourceOf } from "../cli/environment-source.ts";
import { type NodeLifeRequest, nodeLife, VERBS, type Verb } from "./node-life.ts";
import { showNodeLife } from "./step.ts";

const USAGE = `usage: npm run node -- <verb> <environment> <node>... [options]

Prints the steps, with the environment's addresses. Changes nothing.

  add <environment> <node>...          new machines; control planes two at a time
  remove <environment> <node>...       for good; control planes two at a time
  replace <environment> <node>         other hardware under the same name
  rename <environment> <old> <new>     the same machine under another name

  --role controlplane   of a node to add that the environment does not describe yet (default: worker)
  --dead                the machine does not answer and will not come back

exit codes: 0 printed; 1 refused; 2 wrong use`;

/** Returns the exit code. */
export const nodeCommand = (
  args: readonly string[],
  environments: EnvironmentSource,
  out: (line: string) => void,
  today?: string,
): number => {
  const wrong = (reason: string): number => {
    out(`${reason}\n\n${USAGE}`);
    return 2;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrong((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [verb, name, ...names] = positionals;
  if (!isVerb(verb)) return wrong(`must be one of ${VERBS.join(", ")}: got ${verb ?? "nothing"}`);
  if (values.role !== undefined && !isRole(values.role)) {
    return wrong(`--role must be controlplane or worker: got ${values.role}`);
  }
  let environment: Environment;
  try {
    environment = sourceOf(environments, name === undefined ? [] : [name])();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) return wrong((error as Error).message);
    out(error.message);
    return 1;
  }
  const request: NodeLifeRequest = {
    verb,
    names,
    isDead: values.dead,
    ...(values.role !== undefined && { role: values.role }),
    ...(today !== undefined && { today }),
  };
  const plan = nodeLife(environment, request);
  showNodeLife(plan).forEach(out);
  return plan.refusals.length > 0 ? 1 : 0;
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { role: { type: "string" }, dead: { type: "boolean", default: false } },
  });

const isVerb = (text: string | undefined): text is Verb => VERBS.some((verb) => verb === text);
const isRole = (text: string): text is "controlplane" | "worker" =>
  text === "controlplane" || text === "worker";
