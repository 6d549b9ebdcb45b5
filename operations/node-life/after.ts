/** The environment as a change of nodes would leave it. */
import {
  dataOf,
  type Environment,
  EnvironmentError,
  type Node,
  parseEnvironment,
} from "../../environments/schema.ts";
import type { Prove } from "./request.ts";

/** Paths whose problems mean that more has to be edited, not that the change is wrong. */
const ALSO_EDIT = /^(acceptedRisks|assumptions|schematics|waivers)\b/;

/** The environment with other nodes, or what is wrong with it; and what has to be edited with them. */
export const changed = (
  environment: Environment,
  nodes: readonly Node[],
  today: string | undefined,
  prove: Prove,
): { after: Environment | undefined; problems: string[]; edits: string[] } => {
  const options = today === undefined ? {} : { today };
  const names = nodes.map(({ name }) => name);
  const assumptions = environment.assumptions.filter(({ path }) => {
    const [, name = "*"] = /^nodes\.([^.]+)/.exec(path) ?? [];
    return name === "*" || names.includes(name);
  });
  const dropped = environment.assumptions.filter((each) => !assumptions.includes(each));
  const edits = dropped.map(({ path }) => `take the assumption ${path} out`);
  const after = { ...environment, nodes: [...nodes], assumptions };
  try {
    const parsed = parseEnvironment(dataOf(after), options);
    const refused = prove(parsed);
    return { after: refused.length > 0 ? undefined : parsed, problems: [...refused], edits };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const lines = error.problems.map(({ path, rule, value }) => ({
      path,
      text: `${path}: ${rule}: got ${value}`,
    }));
    const problems = lines.filter(({ path }) => !ALSO_EDIT.test(path)).map(({ text }) => text);
    const also = lines.filter(({ path }) => ALSO_EDIT.test(path)).map(({ text }) => text);
    return { after: problems.length > 0 ? undefined : after, problems, edits: [...edits, ...also] };
  }
};
