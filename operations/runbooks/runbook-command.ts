/** Runs `homelab runbook`: reports, and returns the exit code. */
import type { Environment } from "../../environments/schema.ts";
import { committedProblems, writeCommitted } from "../../lib/core/committed-files.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { unknownName } from "../cli/known-name.ts";
import { runbookMarkdown } from "./runbook.ts";
import { runbookFiles, runbookOf, scenarioNames } from "./scenarios.ts";

const ENDING = ".md";

export interface RunbookCommandOptions {
  readonly environments: readonly Environment[];
  /** The directory of the copies, e.g. `docs/runbooks`. */
  readonly directory: string;
  readonly out: (line: string) => void;
}

export interface RunbookRequest {
  /** Name of the environment. */
  readonly name?: string | undefined;
  readonly scenario?: string | undefined;
  /** Compare, and write nothing. */
  readonly check: boolean;
}

/** Returns the exit code. */
export const runbookCommand = (
  { name, scenario, check }: RunbookRequest,
  options: RunbookCommandOptions,
): number => {
  const { environments, directory, out } = options;
  if (check && name !== undefined) throw new UsageError(`--check takes no ${name}: it checks all`);
  if (name === undefined) return all(options, check);
  const environment = environments.find((each) => each.name === name);
  const runbook = environment && runbookOf(environment, scenario ?? "");
  if (!runbook) throw new UsageError(unknownName("scenario", scenario ?? "", scenarioNames));
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
  out(`${problems.join("\n")}\nRun \`npm run homelab -- runbook\` and commit ${directory}.`);
  return 1;
};
