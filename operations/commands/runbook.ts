/** `npm run runbook -- <environment> <scenario>` writes a runbook under docs/runbooks; without arguments all of them. */
import { environments } from "../../environments/index.ts";
import { EnvironmentError, parseEnvironments } from "../../environments/schema.ts";
import { runbookCommand } from "../runbooks/runbook-command.ts";

const run = (): number => {
  try {
    return runbookCommand(process.argv.slice(2), {
      environments: parseEnvironments(environments),
      directory: "docs/runbooks",
      out: (line) => console.log(line),
    });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(error.message);
    return 1;
  }
};

process.exitCode = run();
