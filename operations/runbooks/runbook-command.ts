/** `npm run runbook`: what it accepts, says and returns. */
import { parseArgs } from "node:util";
import type { Environment } from "../../environments/schema.ts";
import { committedProblems, writeCommitted } from "../../lib/core/committed-files.ts";
import { runbookMarkdown } from "./runbook.ts";
import { runbookFiles, runbookOf, scenarioNames } from "./scenarios.ts";

const USAGE = `usage: npm run runbook -- <environment> <scenario>   writes that runbook, and shows it
       npm run runbook                             writes all of them
       npm run runbook -- --check                  refuses committed ones that are stale

scenarios: ${scenarioNames.join(", ")}

exit codes: 0 written, or current; 1 stale; 2 wrong use`;

const ENDING = ".md";

export interface RunbookCommandOptions {
  readonly environments: readonly Environment[];
  /** Where the copies are, e.g. `docs/runbooks`. */
  readonly directory: string;
  readonly out: (line: string) => void;
}

/** Returns the exit code. */
export const runbookCommand = (args: readonly string[], options: RunbookCommandOptions): number => {
  const { environments, directory, out } = options;
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
  const [name, scenario, ...rest] = positionals;
  if (values.check && name !== undefined) return wrong(`--check takes no ${name}: it checks all`);
  if (name === undefined) return all(options, values.check);
  const environment = environments.find((each) => each.name === name);
  if (!environment) {
    return wrong(`must be an environment, ${environments.map((each) => each.name).join(", ")}: got ${name}`);
  }
  const runbook = scenario === undefined ? undefined : runbookOf(environment, scenario);
  if (!runbook || rest.length > 0) {
    return wrong(`must be one scenario: got ${[scenario ?? "nothing", ...rest].join(" ")}`);
  }
  const text = runbookMarkdown(name, runbook);
  const path = `${name}/${runbook.name}.md`;
  writeCommitted(directory, new Map([[path, text]]), `${runbook.name}${ENDING}`);
  out(text.trimEnd());
  return 0;
};

const all = ({ environments, directory, out }: RunbookCommandOptions, check: boolean): number => {
  const files = new Map(environments.flatMap((environment) => [...runbookFiles(environment)]));
  if (!check) {
    const changes = writeCommitted(directory, files, ENDING);
    out(changes.length > 0 ? changes.join("\n") : `${files.size} runbooks are current`);
    return 0;
  }
  const problems = committedProblems(directory, files, ENDING);
  if (problems.length === 0) {
    out(`${files.size} runbooks are current`);
    return 0;
  }
  out(`${problems.join("\n")}\nRun \`npm run runbook\` and commit ${directory}.`);
  return 1;
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { check: { type: "boolean", default: false } },
  });
