/** `npm run e2e`: deploys platform and apps of an environment to a real API server, and checks what comes of it. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentNamed, environmentNames } from "../../operations/cli/environments.ts";
import { e2eCommand } from "../e2e/command.ts";

const script = fileURLToPath(import.meta.url);

const code = await e2eCommand(process.argv.slice(2), {
  root: resolve(script, "../.."),
  script,
  environments: environmentNames.map(environmentNamed),
  out: (line) => console.log(line),
});
// A server that a failure left running must not hold this one up.
process.stdout.write("", () => process.exit(code));
