/**
 * Says what becomes of each address of the brownfield's state, and prints the commands that adopt it:
 *
 *     terraform state list | npm run adopt -- dev
 *     npm run adopt -- dev --list FILE      lines of terraform state list
 *     npm run adopt -- dev --state FILE     a state file; tells what the machines run, too
 *
 * It changes nothing. Exit codes: 0 adoptable or adopted, 1 refused, 2 unusable input.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { adoptionReport } from "../adoption/report.ts";
import { readStateFile, readStateList } from "../adoption/state.ts";
import { survey } from "../adoption/survey.ts";
import { environmentNamed } from "../cli/environments.ts";

const main = (): number => {
  const { values, positionals } = parseArgs({
    options: { list: { type: "string" }, state: { type: "string" } },
    allowPositionals: true,
  });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1 || (values.list && values.state))
    throw new Error("usage: npm run adopt -- <environment> [--list FILE | --state FILE]");
  const environment = environmentNamed(name);
  if (!values.list && !values.state && process.stdin.isTTY)
    throw new Error("give --list or --state, or pipe terraform state list into this");
  const state = values.state
    ? readStateFile(readFileSync(values.state, "utf8"))
    : readStateList(readFileSync(values.list ?? 0, "utf8"));
  const result = survey(state.addresses, environment.nodes);
  console.log(adoptionReport(environment, result, state.running));
  return result.problems.length > 0 || result.shape === "unknown" ? 1 : 0;
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
